package training

import (
	"fmt"
	"math"
	"reflect"
	"testing"
)

func TestWithoutJudgementsCasesCountLessThanHalf(t *testing.T) {
	weight, figures := caseTrust(nil, evenly)
	if math.Abs(weight-0.487) > 0.001 || figures["judgements"] != 0 {
		t.Errorf("weight %v, figures %v", weight, figures)
	}
}

func TestCasesThatMisleadEndUpNotListenedTo(t *testing.T) {
	d := newDesk(1)
	d.cases = -0.3
	if weight, figures := caseTrust(d.day(8, 40), evenly); weight > 0.1 {
		t.Errorf("weight %v, figures %v", weight, figures)
	}
}

func TestCasesThatHelpCountMore(t *testing.T) {
	d := newDesk(2)
	d.cases = 1.25
	few, _ := caseTrust(d.day(4, 4), evenly)
	many, figures := caseTrust(d.day(8, 40), evenly)
	if few <= 0.487 || many <= few || many < 1 || many > 1.5 {
		t.Errorf("weight %v after few, %v after many: %v", few, many, figures)
	}
}

func TestHowSharplyScoresTellIsFoundAndDoesNotPassForAWeight(t *testing.T) {
	for _, sharp := range []float64{15, 60} {
		d := newDesk(3)
		d.sharp, d.cases = sharp, 0.5
		weight, figures := caseTrust(d.day(10, 60), evenly)
		if math.Abs(weight-0.5) > 0.2 || figures["sharpness"] != sharp {
			t.Errorf("sharpness %v: weight %v: %v", sharp, weight, figures)
		}
	}
}

func TestOneJudgementHardlyMovesTheWeightOfCases(t *testing.T) {
	d := newDesk(4)
	js := d.day(8, 10)
	before, _ := caseTrust(js, evenly)
	most := 0.
	for i := range 30 {
		j := d.ask("somebody new")
		j.right = j.candidates[i%10].ID
		after, _ := caseTrust(append(js[:len(js):len(js)], j), evenly)
		most = max(most, math.Abs(after-before))
	}
	if most == 0 || most > 0.045 {
		t.Errorf("from %v by %v", before, most)
	}
}

func TestAThousandJudgementsOfOneOperatorMoveTheWeightOfCasesNoFurtherThanTheBound(t *testing.T) {
	d := newDesk(5)
	d.cases = 1
	js := d.day(10, 30)
	before, _ := caseTrust(js, evenly)
	hostile := newDesk(6)
	hostile.cases = -1
	for range 1000 {
		js = append(js, hostile.ask("hostile"))
	}
	after, figures := caseTrust(js, evenly)
	if after == before || before-after > 0.25 {
		t.Errorf("from %v to %v: %v", before, after, figures)
	}
}

func TestJudgementsThatWeighNothingDoNotMoveTheWeightOfCases(t *testing.T) {
	d := newDesk(7)
	weight, _ := caseTrust(d.day(10, 30), func(*judged) float64 { return 0 })
	if math.Abs(weight-0.487) > 0.001 {
		t.Errorf("weight %v", weight)
	}
}

func TestTheSameJudgementsGiveTheSameWeightToTheLastBit(t *testing.T) {
	js := newDesk(8).day(12, 20)
	weight, figures := caseTrust(js, evenly)
	for range 5 {
		again, others := caseTrust(js, evenly)
		if again != weight || !reflect.DeepEqual(figures, others) {
			t.Errorf("%v and then %v", weight, again)
		}
	}
}

func BenchmarkLearningFromAHundredThousandJudgements(b *testing.B) {
	d := newDesk(9)
	js := d.day(50, 2000)
	for i := range js {
		js[i].topic = fmt.Sprintf("topic %d", i%200)
	}
	for _, part := range []struct {
		name string
		do   func()
	}{
		{"operators", func() { operatorTrust(js) }},
		{"cases", func() { caseTrust(js, evenly) }},
		{"factors", func() { fitFactors(js, evenly) }},
	} {
		b.Run(part.name, func(b *testing.B) {
			for b.Loop() {
				part.do()
			}
		})
	}
}
