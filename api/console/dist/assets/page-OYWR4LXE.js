import{a,b}from"./chunk-KXXGJ7VN.js";import"./chunk-Q37J6DN4.js";import"./chunk-DXWAWOCY.js";import"./chunk-6WVLLS5J.js";import"./chunk-LPVCXKFH.js";export{b as Weeks,a as default};
