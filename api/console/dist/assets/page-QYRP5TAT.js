import{a,b}from"./chunk-XMCOFFE7.js";import"./chunk-XMYC54SH.js";import"./chunk-WNZ247HG.js";import"./chunk-LKGYC34W.js";export{b as Weeks,a as default};
