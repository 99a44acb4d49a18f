import{a,b}from"./chunk-DO3HK2KK.js";import"./chunk-ESAILABY.js";import"./chunk-HDK36XON.js";import"./chunk-WSW5BO4U.js";import"./chunk-CSLPOFQ5.js";export{b as Weeks,a as default};
