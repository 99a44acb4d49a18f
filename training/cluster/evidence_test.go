package cluster_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/training/cluster"
)

func TestRussianAndEnglishAboutOneThingAreOneGroup(t *testing.T) {
	groups, _ := find(t, nil, slices.Concat(
		items("en", "How to reset my password?", "I forgot my password, reset it"),
		items("ru", "Как сбросить пароль?", "Забыл пароль, как сбросить пароль", "Не могу сбросить пароль"),
		items("x", "Delivery of the parcel is late", "Доставка посылки задерживается", "Посылка: задержка доставки"),
	))
	if of(groups, "en00") != of(groups, "ru00") || of(groups, "en01") != of(groups, "ru01") || of(groups, "x00") != of(groups, "x01") {
		t.Errorf("languages are apart: %+v", groups)
	}
	if of(groups, "ru00") == of(groups, "x01") {
		t.Errorf("passwords and parcels are together: %+v", groups)
	}
	label := byID(groups)[of(groups, "ru00")].Label
	if embeddings.Language(label) != "ru" {
		t.Errorf("most members are Russian, the label is %q", label)
	}
}

// Ten topics of any desk, each asked twice in either language.
var bilingual = [...][4]string{
	{"How do I reset my password?", "I forgot my password", "Как сбросить пароль?", "Забыл пароль от аккаунта, что делать"},
	{"Where is my refund?", "How long does a refund take", "Где мой возврат денег?", "Сколько ждать возврата денег за заказ"},
	{"My parcel has not been delivered", "When will the delivery arrive?", "Когда доставят посылку?", "Доставка опаздывает, где посылка"},
	{"How to cancel my subscription?", "Please cancel the subscription", "Как отменить подписку?", "Хочу отменить подписку"},
	{"Change the email of my account", "How can I change my email address", "Как поменять почту в профиле?", "Сменить адрес электронной почты"},
	{"The video does not play", "Video playback is stuck", "Видео не воспроизводится", "Не проигрывается видео"},
	{"I did not get the SMS code", "No code comes by SMS", "Не приходит код в СМС", "СМС с кодом не пришло"},
	{"Delete my account", "How do I delete the account for good", "Удалить аккаунт", "Как удалить свой аккаунт навсегда"},
	{"I need an invoice for the company", "Send me the invoice", "Нужен счет на компанию", "Пришлите чек об оплате"},
	{"The promo code does not work", "My coupon is not accepted", "Промокод не срабатывает", "Не принимается купон на скидку"},
}

func TestTopicsOfTwoLanguagesAreMostlyOne(t *testing.T) {
	var all []cluster.Item
	topics := make(map[string]string)
	for i, texts := range bilingual {
		for j, text := range texts {
			id := fmt.Sprintf("%c%d", 'a'+i, j)
			all = append(all, cluster.Item{ID: id, Text: text})
			topics[id] = id[:1]
		}
	}
	groups, _ := find(t, nil, all)
	a := agree(groups, topics)
	t.Logf("of pairs, precision %.2f, recall %.2f", a.precision(), a.recall())
	if a.precision() < .8 || a.recall() < .4 {
		t.Errorf("want precision .8, recall .4: %+v", groups)
	}
}

func TestTheSameReplyBringsQuestionsTogether(t *testing.T) {
	const reply = "Open the studio, choose the tab Access and press Delete beside the name of the administrator."
	all := slices.Concat(items("a", "A former colleague still gets into our channel", "How to remove an administrator of the channel?",
		"Take rights away from somebody who left"), items("b", printers...))
	groups, _ := find(t, nil, all)
	if of(groups, "a00") == of(groups, "a02") {
		t.Fatal("the words alone bring them together, so this tests nothing")
	}
	for i := range 3 {
		all[i].Reply = reply
	}
	groups, _ = find(t, nil, all)
	if of(groups, "a00") != of(groups, "a01") || of(groups, "a00") != of(groups, "a02") {
		t.Errorf("one reply, but groups %+v", groups)
	}
}

func TestAReplySentToEverybodyBringsNobodyTogether(t *testing.T) {
	all := slices.Concat(items("a", refunds...), items("b", printers...), items("c",
		"Delivery of my parcel is late", "Where do I see statistics of the channel?", "The video buffers in the player",
		"Пришлите закрывающие документы", "Не приходит код из СМС", "Change the cover of a playlist"))
	for i := range all {
		all[i].Reply = "Thank you for writing to us. We have passed your question on to our specialists."
	}
	groups, _ := find(t, nil, all)
	if len(groups) < 5 || of(groups, "a00") == of(groups, "b00") {
		t.Errorf("got %d groups: %+v", len(groups), groups)
	}
	if of(groups, "a00") != of(groups, "a01") {
		t.Errorf("refunds are apart: %+v", groups)
	}
}

// vectorOf is a vector of a model that knows n meanings: near to the unit
// vector of one of them, and like all of the model's vectors.
func vectorOf(meaning int, r *rand.Rand) embeddings.Vector {
	v := make(embeddings.Vector, 300)
	for i := range v {
		v[i] = float32(0.3 + 0.3*r.NormFloat64()/4)
	}
	for i := range 20 {
		v[meaning*20+i]++
	}
	return v.Unit()
}

func TestVectorsBringTogetherWhatWordsDoNot(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	texts := []string{"Karte gesperrt", "my plastic does not function", "заблокировали пластик", "Geld zurück", "reimburse me", "верните средства",
		"Rechnung falsch", "odd amount on paper", "сумма странная"}
	all := items("v", texts...)
	for i := range all {
		all[i].Vector = vectorOf(i/3, r)
	}
	all = append(all, cluster.Item{ID: "w", Text: "Karte gesperrt, was nun?"}, // no vector
		cluster.Item{ID: "x", Text: "weather", Vector: embeddings.Vector{1, 0}}) // of another model
	groups, _ := find(t, nil, all)
	for i := range texts {
		if first := fmt.Sprintf("v%02d", i/3*3); of(groups, fmt.Sprintf("v%02d", i)) != of(groups, first) {
			t.Errorf("%q is apart from %s", texts[i], first)
		}
	}
	if of(groups, "v00") == of(groups, "v03") || of(groups, "v03") == of(groups, "v06") || of(groups, "x") == of(groups, "v00") {
		t.Errorf("what means different things is together: %+v", groups)
	}
}

func TestVectorsOfOneMeaningAloneAreOneGroup(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	all := items("v", "Karte gesperrt", "my plastic does not function", "заблокировали пластик")
	for i := range all {
		all[i].Vector = vectorOf(2, r)
	}
	if groups, _ := find(t, nil, all); len(groups) != 1 {
		t.Errorf("got %+v, want one group", groups)
	}
}

func TestPhrasesAreInTheWordsOfTheQuestions(t *testing.T) {
	all := slices.Concat(items("a",
		"Hello, how do I order a virtual card? ⟦name:A⟧", "I want a virtual card, my phone is [PHONE_1]", "Is a virtual card free? <EMAIL>", "Please tell me about virtual cards, order 4411"),
		items("b", printers...))
	groups, _ := find(t, nil, all)
	g := byID(groups)[of(groups, "a00")]
	if len(g.Phrases) == 0 || !strings.HasPrefix(strings.ToLower(g.Phrases[0]), "virtual card") {
		t.Errorf("got phrases %q, want the virtual card first", g.Phrases)
	}
	for _, g := range groups {
		if len(g.Phrases) > 5 {
			t.Errorf("%d phrases of %s", len(g.Phrases), g.ID)
		}
		for _, p := range append(g.Phrases, g.Label) {
			for _, word := range strings.Fields(strings.ToLower(strings.ReplaceAll(p, ",", ""))) {
				if slices.Contains([]string{"how", "i", "my", "is", "a", "the", "please", "hello", "want", "name", "phone_1", "email", "4411"}, word) {
					t.Errorf("%q says %q", p, word)
				}
			}
		}
		if !slices.Contains(g.Members, g.Typical) {
			t.Errorf("%s is typical of a group it is not in", g.Typical)
		}
	}
}

func TestAQuestionThatSaysNothingIsCalledAsItBegins(t *testing.T) {
	groups, _ := find(t, nil, []cluster.Item{{ID: "a", Text: "What can I do about it, please? ⟦name:A⟧"}, {ID: "b"}})
	if got := byID(groups)[of(groups, "a")].Label; got != "What can I do about it, please?" {
		t.Errorf("got label %q", got)
	}
	if got := byID(groups)[of(groups, "b")]; got.Label != "" || len(got.Phrases) != 0 {
		t.Errorf("got %+v of an empty question", got)
	}
}

func TestBackgroundTeachesWhichWordsAreCommon(t *testing.T) {
	all := items("a", "My rutube studio shows wrong statistics", "The rutube studio lost my playlist", "In rutube studio I cannot invite an editor")
	groups, _ := find(t, nil, all)
	together := len(groups)
	var background []string
	for _, other := range []string{"cover", "comments", "stream", "subtitles", "monetization", "shorts", "description", "tags"} {
		background = append(background, "The rutube studio and "+other, "Where is "+other+" in rutube studio")
	}
	groups, _, err := cluster.Find(context.Background(), nil, all, cluster.Options{Background: background})
	if err != nil {
		t.Fatal(err)
	}
	if len(groups) != 3 || together == 3 {
		t.Errorf("got %d groups with background and %d without, want 3 and fewer", len(groups), together)
	}
}

func TestTheOrderOfEvidenceDoesNotMatter(t *testing.T) {
	all := asked(60, 9)
	want, _ := find(t, nil, all)
	rand.New(rand.NewPCG(2, 2)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	got, _ := find(t, nil, all)
	if a, b := fmt.Sprint(want), fmt.Sprint(got); a != b {
		t.Errorf("in another order there are other groups:\n%s\n%s", a, b)
	}
}
