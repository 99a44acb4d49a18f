import{a,b}from"./chunk-5XREISGZ.js";import"./chunk-Q37J6DN4.js";import"./chunk-DXWAWOCY.js";import"./chunk-OZVB7XZ6.js";import"./chunk-LPVCXKFH.js";export{b as Weeks,a as default};
