import{a,b}from"./chunk-FAKUH35X.js";import"./chunk-RQV2RS3B.js";import"./chunk-JYXULIOI.js";import"./chunk-D2QT3FPS.js";import"./chunk-S57BSWKM.js";export{b as Weeks,a as default};
