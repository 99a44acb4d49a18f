import{a,b}from"./chunk-W4B2WFAZ.js";import"./chunk-76ZTA6ZH.js";import"./chunk-UFJLMY43.js";import"./chunk-AHZ5KD4W.js";import"./chunk-PUMZ3QJI.js";export{b as Weeks,a as default};
