package retrieval

import "strings"

// openings are how sentences begin that claim nothing. They are compared with
// the start of a sentence or, in a letter's last line, of a clause.
var openings = [...]string{
	"здравствуйте", "добрый", "доброго", "доброе утро", "привет", "приветств", "спасибо", "благодар", "пожалуйста обращайтесь",
	"обращайтесь", "пишите", "напишите нам если", "с уважением", "всего доброго", "хорошего дня", "приятного дня", "удачи",
	"если у вас", "если возник", "если появ", "если остал", "если остан", "если понадоб", "если буд", "если потребуется",
	"будем рады", "рады помочь", "рады были", "всегда рады", "мы всегда", "надеюсь", "надеемся", "извините", "просим прощения",
	"приносим", "сожале", "понимаю", "понимаем", "подскажите", "уточните", "конечно", "да", "хорошо", "нам жаль", "мне жаль",
	"hello", "hi", "hey", "dear", "good morning", "good afternoon", "good evening", "thanks", "thank", "many thanks",
	"please let", "let us know", "let me know", "feel free", "please feel", "don't hesitate", "do not hesitate", "please do not hesitate",
	"please don't hesitate", "if you have", "if you need", "should you", "if there", "if anything", "happy to", "glad to", "we're happy", "we are happy",
	"i'm happy", "i am happy", "we hope", "i hope", "hope", "sorry", "we're sorry", "we are sorry", "i'm sorry", "apologies",
	"we apologi", "i apologi", "best", "kind regards", "regards", "sincerely", "have a", "i understand", "we understand",
	"is there", "sure", "of course", "certainly", "yes", "great question", "you're welcome", "you are welcome", "enjoy", "wishing",
}

// polite are keys of the words that courtesies are made of.
var polite = wordKeys(`спасибо благодарим благодарность обращение вопрос вопросы помощь помочь рады команда поддержка служба
	сообщение ответ отвечу ответим написать пишите напишите связаться свяжитесь обращайтесь обратиться извините извинения сожалеем неудобства
	приятный хороший день дня удачи надеюсь надеемся подскажите уточните уточнить дополнительные остались останутся появятся возникнут возникнет
	понадобится потребуется нужна ждать ожидание понимание терпение всегда время любой здравствуйте добрый утро вечер уважение уважением будем
	ситуация понимаю доверие выбор интерес жаль доброго прекрасный
	question questions help happy glad support team contact reach message reply regards sincerely sorry apologize apologies
	inconvenience hope helps feel free hesitate assist assistance anything else additional further know day nice great wish
	welcom writing thanks patience understanding touch clear information`)

func wordKeys(words string) map[string]bool {
	keys := make(map[string]bool)
	for _, x := range lex(words) {
		keys[keyOf(&x)] = true
	}
	return keys
}

// courteous reports whether a sentence claims nothing about the subject.
func courteous(p *page) bool {
	strange, total := 0, 0
	for i := range p.lex {
		w := &p.lex[i]
		if w.kind == lexNum || w.kind == lexDate || w.kind == lexClock || w.kind == lexPhone || w.kind == lexCode || w.kind == lexLink {
			return false
		}
		if !bearing(w) {
			continue
		}
		total++
		if !polite[keyOf(w)] {
			strange++
		}
	}
	for _, f := range p.facts() {
		if !f.weak {
			return false
		}
	}
	negated := len(negationsOf(p.lex, 0, len(p.lex), p.facts())) > 0
	if total == 0 {
		return !negated
	}
	text := strings.TrimLeft(strings.ToLower(p.text), "-*–— \t")
	if strings.HasSuffix(text, "?") && total <= 8 {
		return true // a question back
	}
	for _, o := range openings {
		rest, ok := strings.CutPrefix(text, o)
		if ok && (len(o) > 5 || rest == "" || !isLetter([]rune(rest)[0])) {
			// A name may stand in it.
			return strange <= max(1, total/4) && (!negated || strange == 0)
		}
	}
	return false
}

// leadIn reports whether a sentence only announces what follows: To return an
// item: or Вот что нужно сделать:
func leadIn(p *page, cover float64) bool {
	return strings.HasSuffix(strings.TrimRight(p.text, " *_"), ":") && (len(p.words) <= 4 || cover >= 0.34)
}
