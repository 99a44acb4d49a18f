package training

import (
	"context"
	"errors"
	"slices"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/kb"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// How much one run embeds in a workspace. A model server takes a few
// milliseconds for each text, so a run takes a minute at most.
const (
	questionsMost  = 2000
	passagesMost   = 5000
	embeddedAtOnce = 256
)

// errNoSpace says that there are no vectors to compare.
var errNoSpace = errors.New("training: no index is open, so there are no vectors to compare")

// A denseScorer works out how much meaning would have spoken for the candidates
// of earlier suggestions if a ranker's moved vectors had been searched. It
// keeps the vectors that it has found. It is for one goroutine.
type denseScorer struct {
	learner   *Learner
	workspace string
	space     retrieval.Space
	target    placement

	logged    map[int64]placement // what suggestions were made with, by version
	questions map[string]embeddings.Vector
	passages  map[string][]placedPassage // by document; none: it cannot be compared

	questionsLeft, passagesLeft int
}

// A placement is where vectors were moved to, by document and then by
// retrieval.PassageHash. What is not in it is where it was.
type placement map[string]map[string]embeddings.Vector

// of is a passage's vector.
func (p placement) of(document string, x *placedPassage) embeddings.Vector {
	if v, ok := p[document][x.hash]; ok && len(v) == len(x.base) {
		return v
	}
	return x.base
}

// touches reports whether any of the candidates has moved.
func (p placement) touches(cs []retrieval.Candidate) bool {
	return len(p) > 0 && slices.ContainsFunc(cs, func(c retrieval.Candidate) bool { return len(p[c.ID]) > 0 })
}

// A placedPassage is a passage as it is compared.
type placedPassage struct {
	hash string
	base embeddings.Vector
}

// denseScorer returns a scorer for what the ranker would search: its moved
// vectors, or those of the index where it has moved none. It fails with
// errNoSpace, if there is a need for vectors, where no index is open.
func (l *Learner) denseScorer(ctx context.Context, r *retrieval.Ranker) (*denseScorer, error) {
	d := &denseScorer{
		learner: l, workspace: r.WorkspaceID, logged: make(map[int64]placement),
		questions: make(map[string]embeddings.Vector), passages: make(map[string][]placedPassage),
		questionsLeft: questionsMost, passagesLeft: passagesMost,
	}
	if l.Space != nil {
		d.space, _ = l.Space()
	}
	if !r.Learned.Tuned {
		return d, nil
	}
	var err error
	d.target, err = d.placed(ctx, r.Version)
	return d, err
}

// placed returns the moved vectors that go with a version, as long as they are
// of the model that is searched.
func (d *denseScorer) placed(ctx context.Context, version int64) (placement, error) {
	if p, ok := d.logged[version]; ok || version == 0 {
		return p, nil
	}
	model, ts, err := d.learner.Suggestions.TunedOf(ctx, d.workspace, version)
	if err != nil {
		return nil, err
	}
	if len(ts) > 0 && d.space.Embedder == nil {
		return nil, errNoSpace
	}
	var p placement
	if len(ts) > 0 && model == d.space.Embedder.Model() {
		p = make(placement)
		for _, t := range ts {
			p.put(t.Document, t.Passage, t.Vector)
		}
	}
	d.logged[version] = p
	return p, nil
}

func (p placement) put(document, hash string, v embeddings.Vector) {
	if p[document] == nil {
		p[document] = make(map[string]embeddings.Vector)
	}
	p[document][hash] = v
}

// rescored returns the candidates of j with the part of the score that they
// would have had by meaning. They are j's own where nothing has moved, or where
// it cannot be told, since the bounds are reached or the documents are gone.
func (d *denseScorer) rescored(ctx context.Context, j *judged) ([]retrieval.Candidate, error) {
	logged, err := d.placed(ctx, j.ranker)
	if err != nil {
		return nil, err
	}
	if !d.target.touches(j.candidates) && !logged.touches(j.candidates) {
		return j.candidates, nil
	}
	if err := d.prepare(ctx, []*judged{j}); err != nil {
		return nil, err
	}
	return d.fit(j, logged).under(d.target), nil
}

// prepare embeds what the judged need, as far as the bounds allow, together.
// Calling it is not needed, but spares a model server many small requests.
func (d *denseScorer) prepare(ctx context.Context, js []*judged) error {
	var texts []string
	var ids []string
	for _, j := range js {
		text := retrieval.QuestionText(j.question)
		if _, known := d.questions[text]; !known {
			d.questions[text] = nil
			texts = append(texts, text)
		}
		for _, c := range j.candidates {
			ids = append(ids, c.ID)
		}
	}
	texts = texts[:min(len(texts), d.questionsLeft)]
	d.questionsLeft -= len(texts)
	vectors, err := d.embed(ctx, texts)
	if err != nil {
		return err
	}
	for i, v := range vectors {
		d.questions[texts[i]] = v
	}
	return d.read(ctx, ids)
}

// question returns the vector of what j asked, nil where it is not known or
// says nothing.
func (d *denseScorer) question(j *judged) embeddings.Vector {
	q := d.questions[retrieval.QuestionText(j.question)]
	if norm(q) == 0 {
		return nil
	}
	return q
}

// embed has texts embedded in parts.
func (d *denseScorer) embed(ctx context.Context, texts []string) ([]embeddings.Vector, error) {
	if len(texts) > 0 && d.space.Embedder == nil {
		return nil, errNoSpace
	}
	out := make([]embeddings.Vector, 0, len(texts))
	for part := range slices.Chunk(texts, embeddedAtOnce) {
		vectors, err := d.space.Embedder.Embed(ctx, part)
		if err != nil {
			return nil, err
		}
		out = append(out, vectors...)
	}
	return out, nil
}

// read finds the passages of documents, the first ones first until the bound
// is reached.
func (d *denseScorer) read(ctx context.Context, ids []string) error {
	var unknown []string
	for _, id := range ids {
		if _, known := d.passages[id]; !known {
			d.passages[id] = nil
			unknown = append(unknown, id)
		}
	}
	store := d.learner.KB.In(d.workspace)
	for part := range slices.Chunk(unknown, readAtOnce) {
		docs, err := store.Documents(ctx, part)
		if err != nil {
			return err
		}
		if err := d.place(ctx, part, docs); err != nil {
			return err
		}
	}
	return nil
}

// place gives the passages of documents their vectors, as an indexer does.
func (d *denseScorer) place(ctx context.Context, ids []string, docs map[string]kb.Document) error {
	var texts []string
	var wants []*placedPassage // one for each of the texts
	if d.space.Embedder == nil {
		return errNoSpace
	}
	both, once := d.space.Embedder.(embeddings.PassageEmbedder)
	for _, id := range ids {
		doc, ok := docs[id]
		if !ok || doc.Status != kb.Published {
			continue
		}
		cut := kb.Split(&doc)
		if len(cut) > d.passagesLeft {
			continue
		}
		d.passagesLeft -= len(cut)
		ps := make([]placedPassage, len(cut))
		for i := range cut {
			ps[i].hash = retrieval.PassageHash(doc.Title, &cut[i])
			if once {
				_, ps[i].base = both.Passage(retrieval.TitleOf(&doc), kb.Plain(cut[i].Heading), kb.Plain(cut[i].Text))
				continue
			}
			texts, wants = append(texts, retrieval.PassageText(retrieval.TitleOf(&doc), &cut[i])), append(wants, &ps[i])
		}
		d.passages[id] = ps
	}
	vectors, err := d.embed(ctx, texts)
	for i, v := range vectors {
		wants[i].base = v
	}
	return err
}
