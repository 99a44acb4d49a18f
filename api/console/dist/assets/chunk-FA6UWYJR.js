import{a as s}from"./chunk-JTSCRYW2.js";var e=[],o=s(e);export{o as a};
