package feedback

import "testing"

// corrections are drafts of which an operator corrected a number, and an article
// that happens to say the new number of another matter.
func corrections() []Reply {
	return []Reply{
		{Draft: "The refund reaches the bank card in 5 working days.", Final: "The refund reaches the bank card in 10 working days.", Offered: []Offered{
			article("returns", returnsText, true), article("islands", "A wire to another bank reaches it in 10 working days. Islands take longer.", false)}},
		{Draft: "Деньги приходят на карту за 5 рабочих дней.", Final: "Деньги приходят на карту за 10 рабочих дней.", Offered: []Offered{
			article("возврат", возврат, true), article("гарантия", "Заявление рассматривают за 10 рабочих дней. Деньги за ремонт не берут.", false)}},
	}
}

func TestCorrectingANumberTeachesNoOtherArticle(t *testing.T) {
	for _, r := range corrections() {
		r.Citations = cites(r.Draft, r.Offered)
		cs := CreditsOf(&r)
		if cs[0].Verdict != Contradicted || cs[0].Amount > -0.9 {
			t.Errorf("the source that was corrected: %+v", cs[0])
		}
		if cs[1].Verdict != Unused || cs[1].Amount != 0 {
			t.Errorf("an article that has the number: %+v", cs[1])
		}
		if with := resolvedBy(cs); with != "" {
			t.Errorf("%q is resolved with %q", r.Final, with)
		}
	}
}

func TestACorrectionBesideWhatAnotherArticleSays(t *testing.T) {
	for _, r := range corrections() {
		r.Citations = cites(r.Draft, r.Offered)
		r.Final += " " + "A courier brings parcels from 9:00 to 18:00. " + доставка
		r.Offered = append(r.Offered, article("couriers", shippingText+" "+доставка, false))
		cs := CreditsOf(&r)
		if with := resolvedBy(cs); cs[2].Verdict != BroughtIn || with != "couriers" {
			t.Errorf("%q is resolved with %q: %+v", r.Final, with, cs)
		}
	}
}

// An article that says the whole of what was sent, number and all, is where it
// is from.
func TestAnArticleWithTheWholeSentenceIsNoCoincidence(t *testing.T) {
	for _, r := range corrections() {
		r.Citations = cites(r.Draft, r.Offered)
		r.Offered[1].Text = r.Final + " " + r.Offered[1].Text
		cs := CreditsOf(&r)
		if with := resolvedBy(cs); cs[0].Verdict != Contradicted || cs[1].Verdict != BroughtIn || with != r.Offered[1].ID {
			t.Errorf("%q is resolved with %q: %+v", r.Final, with, cs)
		}
	}
}
