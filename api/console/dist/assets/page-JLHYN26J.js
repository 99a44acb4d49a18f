import{a,b}from"./chunk-WYEU3DM2.js";import"./chunk-HICLEJRH.js";import"./chunk-6YHJPRFY.js";import"./chunk-7QXENQJV.js";import"./chunk-6FONIXSQ.js";export{b as Weeks,a as default};
