package feedback

import (
	"strings"
	"sync"
)

// The words by which a reply is told to be about one customer's account, or to
// say nothing. All are folded: small letters, ё as е. A word that ends in * is
// a beginning.

// A wordList is a set of words and of beginnings of words.
type wordList struct {
	words  map[string]bool
	starts []string
}

// has reports whether the list holds the word or a beginning of it.
func (l *wordList) has(word string) bool {
	if l.words[word] {
		return true
	}
	for _, s := range l.starts {
		if strings.HasPrefix(word, s) {
			return true
		}
	}
	return false
}

// listed reads a list when it is first needed.
func listed(text string) func() *wordList {
	return sync.OnceValue(func() *wordList {
		l := &wordList{words: make(map[string]bool)}
		for w := range strings.FieldsSeq(text) {
			if s, cut := strings.CutSuffix(w, "*"); cut {
				l.starts = append(l.starts, s)
			} else {
				l.words[w] = true
			}
		}
		return l
	})
}

// short writes out the short participles of Russian: изменен becomes изменен,
// изменена, изменено, изменены, and not изменения.
func short(stems string) string {
	var b strings.Builder
	for s := range strings.FieldsSeq(stems) {
		for _, end := range [...]string{"", "а", "о", "ы"} {
			b.WriteString(s + end + " ")
		}
	}
	return b.String()
}

// past writes out the past forms of Russian verbs, from what stands before
// their -л: верну becomes вернул, вернула, вернули.
func past(stems string) string {
	var b strings.Builder
	for s := range strings.FieldsSeq(stems) {
		for _, end := range [...]string{"л", "ла", "ли"} {
			b.WriteString(s + end + " ")
		}
	}
	return b.String()
}

var (
	// handled are what an operator did for one customer, whoever reads it.
	handled = listed(past(`оформи переоформи верну отмени поменя продли начисли списа высла заблокирова
		разблокирова восстанови зарегистрирова провери перепровери посмотре запроси привяза отвяза одобри
		компенсирова позвони зачисли пересчита переотправи повтори сня выстави назначи замени перезвони
		отправи попроси уточни выясни закры созда перевыпусти примени`) + `перенес перенесла перенесли перевел перевела перевели нашел нашла
		нашли связался связалась связались созвонился созвонилась созвонились завел завела завели
		refunded cancelled canceled reissued issued credited reshipped resent unlocked unblocked restored waived
		reversed escalated rescheduled reinstated reimbursed`)

	// altered are what an operator did for one customer if it was done to
	// something of theirs; else it may be news for everybody.
	altered = listed(past(`измени исправи удали подключи отключи активирова увеличи добави обнови сброси
		подтверди скорректирова убра поправи настрои сдела включи выключи откры выда вписа объедини изучи приня`) + `
		sent shipped changed updated added removed deleted activated enabled disabled fixed corrected adjusted applied
		created opened closed moved found reviewed reset switched resolved verified confirmed received replaced
		extended processed approved merged transferred booked arranged upgraded downgraded contacted called checked
		located requested asked raised looked spoke`)

	// privately is what people have done who speak from experience.
	privately = listed(`used tried noticed discovered searched wanted needed experienced tested wondered encountered
		learned liked loved installed posted happened managed figured created finished attempted conducted`)

	// likeVerbs look like verbs in the past, or have no person as their subject.
	likeVerbs = listed(`канал* сигнал* материал* журнал* портал* терминал* интервал* персонал* потенциал* оригинал* функционал*
		капитал* пропал* стал* упал* начал* показатели автомобил* использовали нажали указали забыли профил* мобил* стил* правил*
		минимал* максимал* специал* вертикал* детал* печал* сначала мало немало было бывал*`)

	// undergone are what was done to a thing, told from the thing's side.
	undergone = listed(short(`оформлен отменен возвращен отправлен изменен исправлен начислен разблокирован
		заблокирован восстановлен подключен отключен продлен зачислен переведен удален одобрен отклонен закрыт
		активирован перенесен выслан создан принят передан обновлен сброшен привязан отвязан подтвержден списан
		проверен выплачен компенсирован доставлен заменен пересчитан расторгнут`) + `
		refunded cancelled canceled issued credited reshipped resent unlocked unblocked restored waived reversed
		escalated rescheduled sent shipped changed updated added removed deleted activated enabled disabled fixed
		corrected processed approved merged transferred booked upgraded replaced extended delivered dispatched
		blocked suspended charged reset received closed applied lost reviewed confirmed voided upheld rejected declined`)

	// things are what a customer has with a helpdesk's company.
	things = listed(`заказ* посылк* возврат* платеж* перевод* заявк* обращени* аккаунт* карт карта карту карте карты
		подписк* счет счета счету счете тикет* деньги денег средства сумма сумму товар* брон* доступ* профил* договор* баланс*
		бонус* балл* сертификат* списани* промокод* кешбэк* кэшбэк* charge fee bill
		order orders parcel parcels package packages refund refunds payment payments account accounts subscription
		money replacement ticket card invoice booking reservation shipment delivery claim request tent credit balance`)

	// yours turn a thing into one customer's.
	yours = listed(`ваш* вам вами вас тебе твой твоя your yours you`)

	// whiles make of what follows a rule and not a report.
	whiles = listed(`если когда после чтобы бы ли прежде пока или будет будут могут может можно можете нужно необходимо должен должна
		должны обычно всегда каждый if when whenever once after unless until before while can could may might
		must should will would or usually always every each either whether how`)

	// conditions make rules of whole sentences, and openers do where a clause
	// begins with them.
	conditions = listed(`если когда пока if when whenever once unless until`)
	openers    = listed(`после до прежде after before as как`)

	// others do what the operator does not.
	others = listed(`вы ты он она они оно кто который которая которые которую продавец банк курьер система автор
		пользователь магазин сотрудник вами вас you he she they it who which that`)

	// fillers may stand between an operator and what the operator did.
	fillers = listed(`уже сейчас сегодня вчера только что также тоже и все еще повторно вручную лично дополнительно
		заодно снова успешно быстро сразу за вам вас ваш* я мы это по со с на для вашу просьбу просьбе
		have has had just already also now gone ahead and went manually personally successfully then been able to
		ve can confirm that quickly therefore immediately today i we again fully re ll m`)

	// nows tie a thing to one day.
	nows = listed(`сегодня завтра вчера сейчас послезавтра today tomorrow yesterday tonight monday tuesday wednesday
		thursday friday saturday sunday`)
)

var (
	// courtesies are words that courtesies are made of.
	courtesies = listed(`спасибо благодар* рад рады помо* обраща* обращени* вопрос* хорош* приятн* удач* надею* надеем*
		извин* прост* жаль сожале* неудобств* уважени* служб* поддержк* команд* пишите напишите всегда связ* остал*
		останут* возник* появ* ожидан* терпени* понимани* понимаем понимаю отзыв* ценим сообщени* конечно желаем желаю
		пожалуйста ситуаци* неприятн* приносим внимани* доверие интерес* начал* чате нами ждать
		thank* happy glad help* question* contact* reach* support team sorry apolog* inconvenience hope* feel free
		hesitate assist* else further regards sincerely best nice great wish* welcome patience understand* writing
		touch pleasure appreciate* kind sure course certainly message anything issue problem waiting`)

	// finished are words of replies that say that something is done.
	finished = listed(`готово сделано сделали сделал сделала исправлено исправили исправил исправила решено решили решил решен решена
		починили починил работает заработало должно все теперь уже проверьте попробуйте еще раз снова пожалуйста ок окей
		принято понял поняла понятно хорошо проблема проблему вопрос устранена устранили закрыто закрыт закрываю
		обновите страницу done fixed solved resolved ok okay set working works should now try again please all it is
		the this issue problem ready got noted closed closing ticket check understood sorted`)

	// passing is what is done with what somebody else is to deal with, and
	// receivers are who that is.
	passing = listed(past(`переда направи переадресова эскалирова зафиксирова отда записа`) + `передадим передам передаем
		передаю направим зафиксируем учли учтем учел учла переданы передано передан передана зафиксировано
		зафиксирован passed pass forwarded forward escalated escalate handed shared raised`)
	receivers = listed(`коллег* отдел* специалист* разработ* команд* менеджер* руковод* техническ* пожелани* предложени*
		иде* обращени* запрос* вопрос* colleague* team* department* developer* engineer* specialist* manager* request
		issue feedback question suggestion`)

	// promises are what an operator is going to do.
	promises = listed(`проверим проверю разберемся разберусь уточним уточню посмотрим посмотрю ответим отвечу вернемся
		вернусь сообщим сообщу постараемся постараюсь поможем помогу свяжемся свяжусь рассмотрим подумаем работаем
		разбираемся проверяем ожидайте подождите изучим
		investigate investigating look looking check checking review reviewing update wait hold back`)

	// requests are how a customer is asked for more.
	requests = listed(`уточните подскажите пришлите напишите укажите сообщите опишите отправьте скажите предоставьте
		прикрепите назовите продиктуйте дайте вышлите send provide share tell confirm specify attach reply describe give`)
)
