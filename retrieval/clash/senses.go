package clash

import (
	"slices"

	"github.com/whetstone-desk/whetstone/retrieval/forms"
)

// senseForms are words of rules and terms that mean one thing, in both
// languages, where the thesaurus of package embeddings, which serves search and
// must not put near what a customer tells apart, has them in no line or in
// several. A form that ends in * stands for every word that begins with it.
var senseForms = [...]string{
	"refund* return* возврат* возвращ* вернуть вернем вернут", "plan plans tier tariff тариф* план плана плану планы",
	"annual annually yearly годов* ежегодн*", "monthly ежемесячн* месячн*", "товар* покупк*", "goods purchase*", "trash bin корзин*", "reissu* перевыпус* перевыпущ*",
	"credited accrued earned начисл*", "keep keeps kept stay stays stored store retained remain remains хранит* хранен* держ* остает*",
	"finished ready готов*", "available доступ*", "expire* burn burns lapse* сгора* истека* истеч* аннулир*",
	"valid действ* действу*", "inactivity idle бездейств* неактивн*", "invite* invitation* приглаш*", "limit* лимит* огранич* предел*",
	"attempt* tries попыт*", "request* запрос*", "minimum smallest миним* наименьш*", "maximum largest максим* наибольш*",
	"deposit* депозит* залог*", "fee fees charge charges комисси* сбор* плата платы платеж*", "transfer* перевод* перевест*",
	"appointment* booking бронь запис*", "cancel* отмен* аннулир*", "exchang* swap* обмен* замен*", "extend* prolong* продл*",
	"suspend* freeze freezes frozen приостан* заморо* замороз*", "block* lock locks locked заблок* блокир*", "unblock* unlock* разблок*",
	"trial trials пробн*", "membership абонемент*", "issue issues issued выпуск* выдач* выда*", "invoice* счет счета счетов",
	"клиент* посетител* покупател*", "customer* visitor* client*", "member* participant* участник*", "backup* резервн*", "length long длин* длительн*", "size* размер* вес весит весить весом weigh*",
	"attach* attachment* прилож* прикреп* вложен*", "answer* reply replies respond* ответ* отвеч*", "open opens opened откры* работает работают",
	"receipt* чек чека чеки", "parcel* package* посылк*", "warehouse склад*", "courier* курьер*", "pickup самовывоз*",
	"customs таможн*", "duty duties пошлин*", "insurance страхов*", "warrant* guarant* гарант*", "repair* ремонт* починк*", "floor этаж*",
	"lift elevator лифт*", "meter meters счетчик*", "reading readings показани*", "exam* экзамен*", "score* балл*", "takes take lasts last runs идет длится длятся продолжается занимает длительност*", "costs cost price стоит стоят стоимост* обойдется цена цены",
	"send* ship ships shipping отправк* отправл*", "certificat* сертификат* справк*",
}

// sensesOf finds senses by form.
var sensesOf = newSenses()

func newSenses() *forms.Table[uint32] {
	t := new(forms.Table[uint32])
	for i, list := range senseForms {
		t.Put(list, uint32(i+1))
	}
	return t
}

// senses returns the senses of a word. Their numbers are small, and the terms of
// the thesaurus are hashes: the two hardly ever meet.
func senses(norm string) []uint32 { return slices.Collect(sensesOf.All(norm)) }
