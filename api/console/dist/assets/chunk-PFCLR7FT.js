import{a as s}from"./chunk-BMFJTSTZ.js";var e=[],o=s(e);export{o as a};
