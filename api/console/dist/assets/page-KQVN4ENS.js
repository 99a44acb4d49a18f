import{a,b}from"./chunk-3VEM5BI3.js";import"./chunk-ES675PHD.js";import"./chunk-JILSIPBG.js";import"./chunk-Z5JWOI7M.js";import"./chunk-V3EQXUK5.js";export{b as Weeks,a as default};
