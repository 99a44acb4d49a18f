package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A volume says how much a workspace holds.
type volume struct {
	articles, cases, tickets int

	// suggestions are made, and told of, before there is much to search.
	suggestions int
}

// A tongue is what texts of one language are made of. %s stands for a thing and
// %d for a number, so that every text is its own.
type tongue struct {
	code     string
	titles   []string
	things   []string
	lines    []string
	asks     []string
	answers  []string
	subjects []string
}

func tongues() []tongue {
	return []tongue{
		{
			code:   "en",
			titles: []string{"How to return the %s, model %d", "The %s does not switch on, code %d", "Warranty of the %s, series %d", "Delivery of the %s, zone %d"},
			things: []string{"kettle", "lamp", "grill", "blanket", "scooter", "printer", "tent", "drill", "fridge", "camera", "monitor", "toaster"},
			lines: []string{
				"Open the order in your account and choose the %s.", "The courier rings %d minutes before arriving.", "Keep the box of the %s until the money is back.",
				"A repair of the %s takes up to %d working days.", "Write to the support team if the %s shows error %d.", "Part number %d fits every %s since last spring.",
			},
			asks:     []string{"My %s came with a crack, order %d. What now?", "When will the %s of order %d arrive?", "The %s stopped after %d days, is that covered?"},
			answers:  []string{"We send a new %s today; the label has number %d.", "The %s is covered: bring it with receipt %d."},
			subjects: []string{"Broken %s, order %d", "Where is the %s of order %d", "Refund for the %s, order %d"},
		},
		{
			code:   "ru",
			titles: []string{"Как вернуть товар «%s», модель %d", "Не включается: %s, код %d", "Гарантия на товар «%s», серия %d", "Ёмкость и уход: %s, серия %d"},
			things: []string{"чайник", "лампа", "гриль", "плед", "самокат", "принтер", "палатка", "дрель", "холодильник", "камера", "монитор", "тостер"},
			lines: []string{
				"Откройте заказ в личном кабинете и выберите товар «%s».", "Курьер звонит за %d минут до приезда.", "Не выбрасывайте коробку от товара «%s», пока не вернутся деньги.",
				"Ремонт товара «%s» занимает до %d рабочих дней.", "Напишите в поддержку, если «%s» показывает ошибку %d.", "Деталь %d подходит к товару «%s» любого года.",
			},
			asks:     []string{"«%s» приехал с трещиной, заказ %d. Что делать?", "Когда привезут «%s» из заказа %d?", "«%s» перестал работать через %d дней, это гарантия?"},
			answers:  []string{"Сегодня отправим новый товар «%s», номер накладной %d.", "«%s» на гарантии: приходите с чеком %d."},
			subjects: []string{"Сломан «%s», заказ %d", "Где «%s» из заказа %d", "Вернуть деньги за «%s», заказ %d"},
		},
	}
}

// A writer makes up texts; the same number gives the same text.
type writer struct {
	rng *rand.Rand
	tongue
	thing string
	n     int
}

func write(kind, n int) *writer {
	w := &writer{rng: rand.New(rand.NewPCG(uint64(kind), uint64(n))), n: n}
	all := tongues()
	w.tongue = all[w.rng.IntN(len(all))]
	w.thing = pick(w.rng, w.things)
	return w
}

func pick[T any](rng *rand.Rand, of []T) T { return of[rng.IntN(len(of))] }

// say fills in one of the patterns.
func (w *writer) say(of []string) string {
	return strings.NewReplacer("%s", w.thing, "%d", strconv.Itoa(w.n)).Replace(pick(w.rng, of))
}

func (w *writer) several(of []string, n int) string {
	var out []string
	for range n {
		out = append(out, w.say(of))
	}
	return strings.Join(out, " ")
}

type line = map[string]any

// fill puts so much into the demo's workspace.
func (s *server) fill(t *testing.T, v volume) {
	t.Helper()
	began := time.Now()
	s.suggest(t, v.suggestions)
	s.bulk(t, "/v1/articles/bulk", v.articles, func(i int) line {
		w := write(1, i)
		return line{
			"id": fmt.Sprintf("a-%06d", i), "title": w.say(w.titles), "locale": w.code, "status": []string{"published", "published", "published", "draft", "archived"}[i%5],
			"body": "## " + w.thing + "\n\n" + w.several(w.lines, 3+w.rng.IntN(6)),
		}
	})
	s.bulk(t, "/v1/cases/bulk", v.cases, func(i int) line {
		w := write(2, i)
		return line{"id": fmt.Sprintf("c-%06d", i), "title": w.say(w.subjects), "locale": w.code, "problem": w.say(w.asks), "resolution": w.several(w.answers, 2)}
	})
	s.each(t, v.tickets, func(i int) error {
		w := write(3, i)
		at := time.Now().Add(-time.Duration(i+1) * 3 * time.Minute).UTC()
		said := []line{{"id": "1", "role": "customer", "text": w.say(w.asks), "at": at.Add(-time.Hour)}}
		if i%3 == 0 {
			said = append(said, line{"id": "2", "role": "operator", "text": w.say(w.answers), "author": "Vera", "at": at.Add(-time.Minute)}, line{"id": "3", "role": "customer", "text": w.say(w.asks), "at": at})
		}
		return s.tell("PUT", fmt.Sprintf("/v1/tickets/m-%06d", i), line{
			"subject": w.say(w.subjects), "language": w.code, "topic": w.code + "-" + w.thing, "customer_id": fmt.Sprintf("customer-%d", i%4000),
			"priority": []string{"normal", "low", "high", "urgent"}[i%4], "status": []string{"open", "open", "pending", "solved"}[i%7%4],
			"assignee": []string{"", "Vera", "Борис", "admin"}[i%11%4], "tone": []string{"", "calm", "angry"}[i%3], "messages": said,
		})
	})
	t.Logf("filled with %+v in %.1f s", v, time.Since(began).Seconds())
}

// suggest has answers made and tells what became of them.
func (s *server) suggest(t *testing.T, n int) {
	t.Helper()
	var mu sync.Mutex
	var told []line
	s.each(t, n, func(i int) error {
		w := write(4, i)
		var made struct {
			ID string `json:"id"`
		}
		if err := s.ask("POST", "/v1/suggestions", line{"text": w.say(w.asks), "topic": w.code + "-" + w.thing, "operator": line{"id": fmt.Sprintf("op-%d", i%40)}}, &made); err != nil {
			return err
		}
		e := line{"suggestion_id": made.ID, "kind": []string{"sent", "edited", "rejected", "missing_knowledge"}[i%4]}
		switch i % 4 {
		case 1:
			e["text"] = w.several(w.answers, 2)
		case 2:
			e["reason"] = "wrong"
		case 3:
			e["text"] = w.say(w.titles)
		}
		mu.Lock()
		told = append(told, e)
		mu.Unlock()
		return nil
	})
	s.bulk(t, "/v1/feedback/bulk", len(told), func(i int) line { return told[i] })
}

// bulk sends lines to one of the calls that take many.
func (s *server) bulk(t *testing.T, path string, n int, of func(i int) line) {
	t.Helper()
	if n == 0 {
		return
	}
	body, w := io.Pipe()
	go func() {
		out := json.NewEncoder(w)
		for i := range n {
			if err := out.Encode(of(i)); err != nil {
				break // whoever reads has gone, and says why
			}
		}
		_ = w.Close() // it never fails
	}()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.key)
	r.Header.Set("Content-Type", "application/x-ndjson")
	got, err := send(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }() // it was only read
	reports := 0
	for lines := bufio.NewScanner(got.Body); lines.Scan(); reports++ {
		if bytes.Contains(lines.Bytes(), []byte(`"error"`)) {
			t.Fatalf("%s: %s", path, lines.Text())
		}
	}
	if got.StatusCode != http.StatusOK || reports != n {
		t.Fatalf("%s: %s, %d of %d lines were reported", path, got.Status, reports, n)
	}
}

// each does something n times, a few at once.
func (s *server) each(t *testing.T, n int, do func(i int) error) {
	t.Helper()
	const atOnce = 4
	var wg sync.WaitGroup
	errs := make(chan error, atOnce)
	for k := range atOnce {
		wg.Go(func() {
			for i := k; i < n; i += atOnce {
				if err := do(i); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	wg.Wait()
	select {
	case err := <-errs:
		t.Fatal(err)
	default:
	}
}

func (s *server) tell(method, path string, body line) error { return s.ask(method, path, body, nil) }

// ask makes a call and reads its answer into out, if that is not nil.
func (s *server) ask(method, path string, body line, out any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequest(method, s.url+path, bytes.NewReader(b))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+s.key)
	r.Header.Set("Content-Type", "application/json")
	got, err := send(r)
	if err != nil {
		return err
	}
	defer func() { _ = got.Body.Close() }() // it was only read
	said, err := io.ReadAll(got.Body)
	if err == nil && got.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %s: %s", method, path, got.Status, said)
	}
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(said, out)
}
