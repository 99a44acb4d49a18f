import{a,b}from"./chunk-IL4LL6P5.js";import"./chunk-L22QXIDQ.js";import"./chunk-RLXMHCUH.js";import"./chunk-YDGTRE36.js";import"./chunk-S57BSWKM.js";export{b as Weeks,a as default};
