import{a as s}from"./chunk-SB2IYAYQ.js";var e=[],o=s(e);export{o as a};
