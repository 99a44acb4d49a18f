package embeddings

// latin lists the languages in Latin script that have a stemmer: their small
// words, each with a blank on both sides, and letters few others have.
// English comes first, since it is the answer where nothing speaks for any.
var latin = [...]struct{ language, words, letters string }{
	{"en", " a the and is are was of to in it that you for on with this have my i not can how what do does from your me we be at or an if why when where will would could please ", ""},
	{"de", " der die das und ist nicht ich sie ein eine einen mein meine mit für auf wie kann von zu den dem im es wir bitte warum wo wird habe haben sich auch nach bei aus ", "äöüß"},
	{"fr", " le la les des est et une un je vous pas pour que qui dans sur avec mon ma mes comment ce cette du au aux puis ai il elle nous pourquoi où mais être ne ", "éèêàçùœûîôë"},
	{"es", " el la los las es y una un no por para que con mi mis cómo como en de del se lo puedo qué hay está tengo pero cuando donde mi su al ", "ñáéíóúü¿¡"},
	{"pt", " o os as é e uma um não por para que com meu minha como em de do da dos das se eu posso está tenho mas quando onde no na ao ", "ãõçáéíóúâêô"},
	{"it", " il lo la gli le è e una un non per che con mio mia come in di del della si posso ho ma quando dove sono nel al i da ", "àèéìòù"},
	{"nl", " de het een is niet ik van en op voor met mijn hoe kan te dat die je wij we er aan om maar wat waar naar bij heb ", "ëïé"},
	{"sv", " och är inte jag en ett det som på för med min mitt hur kan av till den vi har att men var när från om ", "åäö"},
	{"no", " og er ikke jeg en et det som på for med min mitt hvordan kan av til den vi har å men hvor når fra om ", "æøå"},
	{"da", " og er ikke jeg en et det som på for med min mit hvordan kan af til den vi har at men hvor når fra om ", "æøå"},
	{"fi", " ja on ei en se että minun miten voin kun mutta jos tämä mitä missä olen ovat myös tai niin ", "äö"},
	{"hu", " a az és nem egy hogy van én mit hogyan kell meg de ha vagy mert ez nekem hol mikor ", "áéíóöőúüű"},
	{"ro", " și si este nu un o care pe în cu meu mea cum la de din pentru pot am sunt dar când unde să ce ", "ăâîșțşţ"},
	{"tr", " ve bir bu için değil ben nasıl ne ile var yok mi mı çok ama nerede zaman daha gibi olarak ", "ğışçöü"},
	{"ga", " agus an is ní na mé go ar le do conas tá sé sí ach cén seo leis mo ", "áéíóú"},
}
