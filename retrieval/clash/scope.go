package clash

import "github.com/whetstone-desk/whetstone/retrieval/forms"

// A scope is something that a statement holds for and for nothing else of its
// class: one of the plans, platforms, regions. Zero: none.
type scope struct{ class, item int8 }

// scopeForms lists, class by class, how scopes are written. A form that ends in
// * stands for every word that begins with it.
var scopeForms = [...][]string{
	{ // plans
		"basic базов*", "pro про professional профессионал*", "premium премиум*", "business бизнес", "enterprise корпоратив*",
		"free бесплатн*", "standard стандарт*", "plus плюс", "starter стартов*", "trial пробн*", "team командн*", "lite лайт",
		"gold золот*", "silver серебр*", "platinum платин*",
	},
	{ // platforms
		"ios iphone ipad айфон* айпад*", "android андроид*", "windows виндовс", "mac macos макос", "linux линукс", "web веб",
		"desktop десктоп*", "mobile мобильн*", "chrome хром*", "firefox", "safari", "tv телевизор*", "playstation", "xbox", "alexa",
	},
	{ // regions
		"russia russian росси* рф", "kazakhstan казахстан*", "belarus беларус* белорус*", "moscow москв* московск*", "petersburg петербург*",
		"europe european eu европ* ес", "usa us american сша америк*", "uk britain британ*", "germany герман*", "france франц*",
		"international abroad overseas worldwide международн* зарубеж* границ* границу", "domestic local внутри местн*",
		"china кита*", "sibir* сибир*", "ural* урал*",
	},
	{ // customers
		"individual individuals consumer физлиц* физическ*", "company companies corporate юрлиц* юридическ* организац* компани*",
		"student students студент*", "child children kids дет* ребен*", "adult adults взросл*",
		"employee employees сотрудник*", "admin admins administrator administrators админ*", "owner owners владел*",
		"guest guests гост*", "seller sellers vendor продав*", "courier курьер*", "freelancer самозанят*", "newcomer",
	},
	{ // means of payment
		"card cards visa mastercard карт*", "paypal", "cash налич*", "сбп", "invoice invoices счет*", "applepay", "sepa", "ach", "wallet кошел*",
	},
	{ // things of one kind that have limits of their own
		"photo photos image images picture pictures фото* изображен* картин*", "video videos видео* ролик*", "audio music аудио* музык*",
		"document documents документ*", "cover covers обложк*", "avatar avatars аватар*", "logo logos логотип*", "banner banners баннер*",
		"title titles заголов* назван*", "description descriptions описан*", "comment comments комментар*", "message messages сообщен*",
		"attachment attachments вложен*", "preview превью", "stream streams трансляц* стрим*", "playlist playlists плейлист*",
		"password passwords парол*", "subtitle subtitles субтитр*", "shorts", "thumbnail thumbnails",
	},
	{ // which of two
		"hot горяч*", "cold холодн*", "incoming inbound входящ*", "outgoing outbound исходящ*", "electricity electric электр*", "gas газ*",
	},
	{ // how fast
		"express экспресс*", "regular обычн* стандартн*", "priority приоритетн*", "urgent срочн*",
	},
	{ // what a stretch of time is
		"daily ежедневн* сутк*", "weekly еженедельн*", "monthly ежемесячн* месячн*", "yearly annual annually ежегодн* годов*", "hourly",
	},
	{ // which way
		"upload uploads uploaded uploading загружа* загрузк* загрузи*", "download downloads downloaded downloading скача* скачива*",
		"import imports imported импорт*", "export exports exported экспорт*",
	},
}

// ruleClasses is how many of the classes are such that rules differ by them.
const ruleClasses = 4

// planClass is the class of plans. "Free" and "basic" name a plan only where a
// plan is spoken of.
const planClass = 1

var planNouns = set("plan plans tier tiers package packages edition subscription тариф тарифа тарифе тарифу тарифом тарифах тарифов тарифы пакет пакете пакета подписка подписки подписке")

// scopes finds scopes by form.
var scopes = newScopes()

func newScopes() *forms.Table[scope] {
	t := new(forms.Table[scope])
	for class, items := range scopeForms {
		for item, list := range items {
			t.Put(list, scope{int8(class + 1), int8(item + 1)})
		}
	}
	return t
}

// scopeOf returns the scope that a word names, by its longest known beginning.
func scopeOf(norm string) scope {
	s, _ := scopes.One(norm)
	return s
}
