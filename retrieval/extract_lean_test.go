package retrieval

import (
	"strings"
	"testing"
)

// sorting is about nothing that is asked for, and long enough for an article
// not to be quoted whole.
var sorting = strings.Repeat("The night shift sorts crates by colour and weight before the lorries leave for the depots. ", 6)

func TestExtractQuotesNothingThatLeansOnWhatIsLeftOut(t *testing.T) {
	for _, tt := range []struct {
		name, question, language, text string
		has                            []string
		not                            string
	}{
		{
			"a sentence about a list under another heading is not the answer", "Which lamps may I hang outdoors?", "en",
			"## Kept indoors\n\n- Paper lamps\n- Silk lamps\n\n## Kept outdoors\n\nLamps of brass and glass may hang outdoors all year.\n\n## Sorting\n\n" + sorting +
				"\n\n## Exceptions\n\nThe list above says nothing of lamps that you may hang outdoors for an hour.",
			[]string{"brass and glass"}, "list above",
		},
		{
			"likewise in Russian", "Какие фонари можно вешать на улице?", "ru",
			"## Только в доме\n\n- Бумажные фонари\n- Шёлковые фонари\n\n## На улице\n\nФонари из латуни можно вешать на улице круглый год.\n\n## Сортировка\n\n" + sorting +
				"\n\n## Исключения\n\nПеречень выше не говорит о фонарях, которые можно вешать на улице на час.",
			[]string{"из латуни"}, "Перечень выше",
		},
		{
			"what points back comes with what it points at", "Does the walnut stool need waxing?", "en",
			"## Stools\n\nThe walnut stool is oiled and not lacquered.\n\nThis means waxing: the stool of walnut needs waxing each spring.\n\n## Sorting\n\n" + sorting + "\n\n" + sorting,
			[]string{"not lacquered", "waxing each spring"}, "night shift",
		},
		{
			"what points back under a heading comes with the heading", "Can I wash a felt rug?", "en",
			"## Cotton\n\nCotton goes into the machine.\n\n## Felt rugs\n\nThese you can wash by hand only, rug by rug.\n\n## Sorting\n\n" + sorting + "\n\n" + sorting,
			[]string{"Felt rugs", "by hand only"}, "Cotton",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := drafted(t, tt.question, tt.language, []Evidence{articleEvidence("a", tt.language, tt.text, 0.8)})
			for _, want := range tt.has {
				if !strings.Contains(a.Text, want) {
					t.Errorf("got %q, want %q in it", a.Text, want)
				}
			}
			if strings.Contains(a.Text, tt.not) {
				t.Errorf("got %q, want no %q in it", a.Text, tt.not)
			}
		})
	}
}

func TestWhatPointsBack(t *testing.T) {
	for text, want := range map[string][2]bool{ // at a list above, at what was said
		"The list above does not hold for gifts.":      {true, false},
		"Перечисленные выше вещи отдаём даром.":        {true, false},
		"В таблице выше нет островов.":                 {true, false},
		"The list below is short.":                     {},
		"A shelf above the sink stays empty.":          {},
		"Paint it. The table above tells the colours.": {},
		"This takes an hour.":                          {false, true},
		"In this case, wait.":                          {false, true},
		"Это занимает час.":                            {false, true},
		"В этом случае подождите.":                     {false, true},
		"Ещё загляните под крышку.":                    {false, true},
		"Если крышка треснула, не пользуйтесь ею.":     {},
		"Thistle tea is steeped for ten minutes.":      {},
		"- This item": {},
		"Этажерка собирается без инструмента за один вечер": {},
	} {
		u := excerpt{blocks: blocksOf(text)}
		if got := [2]bool{u.pointsAbove(), u.pointsBack()}; got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
