import{a,b}from"./chunk-CSNDETDK.js";import"./chunk-L22QXIDQ.js";import"./chunk-KAYIFOPT.js";import"./chunk-YDGTRE36.js";import"./chunk-S57BSWKM.js";export{b as Weeks,a as default};
