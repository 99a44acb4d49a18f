import{a,b}from"./chunk-H7KZMVV7.js";import"./chunk-NTA6TJNJ.js";import"./chunk-GG7V3DRC.js";import"./chunk-CK7NYT6R.js";export{b as Weeks,a as default};
