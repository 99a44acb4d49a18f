import{a as e}from"./chunk-DSNO5NZP.js";var t=[],o=e(t);export{o as a};
