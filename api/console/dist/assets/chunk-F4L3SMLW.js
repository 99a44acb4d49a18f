import{a as s}from"./chunk-E7AMWTX7.js";var e=[],o=s(e);export{o as a};
