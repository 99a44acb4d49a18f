package embeddings

// isStop reports whether a folded word carries no subject.
func isStop(word string) bool {
	_, ok := stops[word]
	return ok
}

// stops holds the words that say nothing of what a text is about: function
// words of Russian and English, greetings, thanks and pleas. Negations are
// among them: they change what an answer must say, not what it is about.
var stops = wordSet(`
a an the and or but if then else so as of at by for from in into on onto to with without within about over under
than that this these those there here it its it's is are was were be been being am i'm i me my mine myself we us our
ours you your yours he him his she her hers they them their theirs who whom whose which what when where why how
do does did doing done don't doesn't didn't have has had having haven't hasn't i've i'd i'll can can't cannot could couldn't will
won't would wouldn't shall should shouldn't may might must not no nor yes any some all each every such only own
same too very just also again more most other another both few because while during before after until up down out off
hello hi hey dear please pls plz thanks thank thx regards sorry good morning afternoon evening day tell know
want need help like way possible anyone somebody someone something anything let get got
и или но а да нет не ни же бы б ли ль то в во на с со к ко по за из от до у о об обо при для без под над про через
между перед после около если чтобы чтоб что как так когда где куда откуда почему зачем кто какой какая какое какие
каким каких какого какой-то чей сколько это этот эта эти этого этой этом этих этому тот та те того той тем том тех я мне меня мной мы нам нас
ты тебе тебя вы вам вас вами он ему его она ей ее её оно они им их ими мой моя мое мои моего моей моем моих мою моим наш
наша наше наши нашего нашей нашу нашем ваш ваша ваше ваши вашего вашей вашу свой своя свое свои своего своей своем своих свою себя себе
быть есть был была было были будет будут буду может могу можно можете можем нужно надо нельзя ли уже еще ещё все всё
всех весь вся только тоже также там тут здесь вот ну просто очень потому поэтому хотя либо нибудь то-есть
здравствуйте здравствуй привет добрый доброе доброго день дня утро вечер пожалуйста спасибо благодарю уважаемые подскажите скажите
расскажите объясните помогите помощь извините простите хочу хотел хотела хотелось хотим
`)
