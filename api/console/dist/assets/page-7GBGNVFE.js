import{a,b}from"./chunk-SKYTFGDT.js";import"./chunk-XMYC54SH.js";import"./chunk-AASFBSIC.js";import"./chunk-LKGYC34W.js";export{b as Weeks,a as default};
