import{a,b}from"./chunk-EOBA5VQL.js";import"./chunk-2YEHGGSH.js";import"./chunk-K3BMAETJ.js";import"./chunk-AOO3NQZL.js";import"./chunk-ZW5WWDCJ.js";export{b as Weeks,a as default};
