import{a,b}from"./chunk-KA43BE3I.js";import"./chunk-ZNQ67OV4.js";import"./chunk-NYCAC4U2.js";import"./chunk-Y6V5OYZH.js";import"./chunk-RLMTP2AM.js";export{b as Weeks,a as default};
