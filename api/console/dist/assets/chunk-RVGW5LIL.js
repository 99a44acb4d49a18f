import{a as s}from"./chunk-PPLNLKME.js";var e=[],o=s(e);export{o as a};
