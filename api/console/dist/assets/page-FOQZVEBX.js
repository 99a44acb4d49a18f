import{a,b}from"./chunk-QDGGGLRS.js";import"./chunk-FTW5TTE4.js";import"./chunk-ECXKNM6A.js";import"./chunk-GOD7U7PC.js";import"./chunk-CII2SVEW.js";export{b as Weeks,a as default};
