package forms

// cardinals lists the number words of Russian, in every case, and of English.
var cardinals = [...]struct {
	value float64
	forms string
}{
	{0, "zero ноль нуль нуля"},
	{1, "one один одна одно одного одной одному одним одном одну"},
	{1.5, "полтора полутора полторы"},
	{2, "two два две двух двум двумя двое двоих"},
	{3, "three три трех трем тремя трое троих"},
	{4, "four четыре четырех четырем четырьмя"},
	{5, "five пять пяти пятью"}, {6, "six шесть шести шестью"}, {7, "seven семь семи"},
	{8, "eight восемь восьми восемью"}, {9, "nine девять девяти девятью"},
	{10, "ten десять десяти десятью"}, {11, "eleven одиннадцать одиннадцати"},
	{12, "twelve dozen двенадцать двенадцати дюжина"}, {13, "thirteen тринадцать тринадцати"},
	{14, "fourteen четырнадцать четырнадцати"}, {15, "fifteen пятнадцать пятнадцати"},
	{16, "sixteen шестнадцать шестнадцати"}, {17, "seventeen семнадцать семнадцати"},
	{18, "eighteen восемнадцать восемнадцати"}, {19, "nineteen девятнадцать девятнадцати"},
	{20, "twenty двадцать двадцати"}, {30, "thirty тридцать тридцати"}, {40, "forty сорок сорока"},
	{50, "fifty пятьдесят пятидесяти"}, {60, "sixty шестьдесят шестидесяти"},
	{70, "seventy семьдесят семидесяти"}, {80, "eighty восемьдесят восьмидесяти"},
	{90, "ninety девяносто девяноста"}, {100, "сто ста"}, {200, "двести двухсот"}, {300, "триста трехсот"},
	{400, "четыреста четырехсот"}, {500, "пятьсот пятисот"}, {600, "шестьсот шестисот"},
	{700, "семьсот семисот"}, {800, "восемьсот восьмисот"}, {900, "девятьсот девятисот"},
}

var numbers = newNumbers()

func newNumbers() *Table[float64] {
	t := new(Table[float64])
	for _, c := range cardinals {
		t.Put(c.forms, c.value)
	}
	return t
}

// Number returns the number that a cardinal stands for, in any case, and whether
// it is one.
func Number(word string) (value float64, ok bool) { return numbers.One(word) }

// Scale returns what a word multiplies a number by, or 0.
func Scale(word string) float64 {
	switch word {
	case "hundred", "hundreds":
		return 100
	case "thousand", "thousands", "k", "тыс", "тысяча", "тысячи", "тысяч", "тысяче", "тысячу", "тысячам":
		return 1000
	case "million", "millions", "млн", "миллион", "миллиона", "миллионов":
		return 1e6
	}
	return 0
}
