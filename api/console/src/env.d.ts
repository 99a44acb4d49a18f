// The build makes one console for each language: one of these is false in it,
// and the words of that language are left out. They are typed as true so that
// the words of both are checked. The panel and the gallery have both.
declare const EN: true;
declare const RU: true;
