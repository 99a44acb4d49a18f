package qdrantindex

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/qdrant/go-client/qdrant"

	"github.com/whetstone-desk/whetstone/embeddings"
	"github.com/whetstone-desk/whetstone/retrieval"
)

// How much goes to the server at once. Larger batches gain nothing measurable
// and make a failed one dearer to repeat.
const (
	batchPoints = 256
	batchBytes  = 8 << 20
)

// Replace implements retrieval.Index. The points of an entry are checked before
// any of them is written; vectors of a wrong dimension fail with
// embeddings.ErrMisconfigured.
func (ix *Index) Replace(ctx context.Context, workspace string, entries []retrieval.Entry) error {
	b := batch{ix: ix, workspace: workspace}
	for i := range entries {
		if err := b.add(ctx, &entries[i]); err != nil {
			return fmt.Errorf("qdrantindex: replace %s in %s: %w", entries[i].Document.ID, workspace, err)
		}
	}
	if err := b.flush(ctx); err != nil {
		return fmt.Errorf("qdrantindex: replace in %s: %w", workspace, err)
	}
	return nil
}

// Drop implements retrieval.Index.
func (ix *Index) Drop(ctx context.Context, workspace string) error {
	selector := qdrant.NewPointsSelectorFilter(&qdrant.Filter{
		Must: []*qdrant.Condition{qdrant.NewMatchKeyword(fieldWorkspace, workspace)},
	})
	err := ix.update(ctx, qdrant.NewPointsUpdateDeletePoints(&qdrant.PointsUpdateOperation_DeletePoints{Points: selector}))
	ix.frequency.changed(everything)
	if err != nil {
		return fmt.Errorf("qdrantindex: drop %s: %w", workspace, err)
	}
	return nil
}

// A batch gathers entries of a workspace until there are enough to send.
type batch struct {
	ix        *Index
	workspace string
	points    []*qdrant.PointStruct // to be sent
	bytes     int                   // of points, roughly
	blind     []*qdrant.PointId     // those of points that have no dense vector
	documents []string              // whose entries have come since the last flush
	keep      []*qdrant.PointId     // all that these documents consist of
}

// add takes an entry in, and sends what has gathered if that is enough.
func (b *batch) add(ctx context.Context, e *retrieval.Entry) error {
	for i := range e.Points {
		if n := len(e.Points[i].Dense); n != 0 && n != b.ix.dim {
			return fmt.Errorf("%w: a vector of dimension %d for model %s, which has %d", embeddings.ErrMisconfigured, n, b.ix.model, b.ix.dim)
		}
	}
	if slices.Contains(b.documents, e.Document.ID) {
		// A later entry of a document must not be undone by an earlier one.
		if err := b.flush(ctx); err != nil {
			return err
		}
	}
	b.documents = append(b.documents, e.Document.ID)
	for i := range e.Points {
		p := pointOf(b.workspace, &e.Document, &e.Points[i])
		b.points = append(b.points, p)
		b.keep = append(b.keep, p.Id)
		if p.GetVectors().GetVectors().GetVectors()[denseVector] == nil {
			b.blind = append(b.blind, p.Id)
		}
		b.bytes += 4*len(e.Points[i].Dense) + 8*e.Points[i].Sparse.Len() + len(e.Points[i].Passage.Text) + 512
		if b.full() && i+1 < len(e.Points) {
			if err := b.send(ctx); err != nil {
				return err
			}
		}
	}
	if b.full() || len(b.documents) >= batchPoints {
		return b.flush(ctx)
	}
	return nil
}

// full reports whether there is enough to send.
func (b *batch) full() bool { return len(b.points) >= batchPoints || b.bytes >= batchBytes }

// flush sends what has gathered and removes the passages that its documents
// had before and have no more.
func (b *batch) flush(ctx context.Context) error {
	if len(b.documents) == 0 {
		return nil
	}
	stale := &qdrant.Filter{Must: []*qdrant.Condition{
		qdrant.NewMatchKeyword(fieldWorkspace, b.workspace),
		qdrant.NewMatchKeywords(fieldDocument, b.documents...),
	}}
	if len(b.keep) > 0 {
		stale.MustNot = []*qdrant.Condition{qdrant.NewHasID(b.keep...)}
	}
	blanks, err := b.ix.blanks(ctx, stale)
	if err != nil {
		return err
	}
	remove := qdrant.NewPointsUpdateDeletePoints(&qdrant.PointsUpdateOperation_DeletePoints{
		Points: qdrant.NewPointsSelectorFilter(stale),
	})
	err = b.send(ctx, append(blanks, remove)...)
	b.documents, b.keep = nil, nil
	return err
}

// blanks returns what takes the terms from the points that pass the filter.
// Qdrant leaves the terms of a point that is merely removed in its statistics
// until it tidies the segment, which in a small one is never.
func (ix *Index) blanks(ctx context.Context, filter *qdrant.Filter) ([]*qdrant.PointsUpdateOperation, error) {
	nothing := qdrant.NewVectorsMap(map[string]*qdrant.Vector{lexicalVector: qdrant.NewVectorSparse(nil, nil)})
	var blanks []*qdrant.PointsUpdateOperation
	err := ix.write(ctx, func(ctx context.Context) error {
		pages := ix.client.ScrollAll(ctx, &qdrant.ScrollPoints{
			CollectionName: ix.collection, Filter: filter, Limit: qdrant.PtrOf(uint32(batchPoints)),
			WithPayload: qdrant.NewWithPayload(false),
		})
		for {
			page, err := pages.Next()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			var points []*qdrant.PointVectors
			for _, p := range page {
				points = append(points, &qdrant.PointVectors{Id: p.GetId(), Vectors: nothing})
			}
			if len(points) > 0 {
				blanks = append(blanks, qdrant.NewPointsUpdateUpdateVectors(&qdrant.PointsUpdateOperation_UpdateVectors{Points: points}))
			}
		}
	})
	return blanks, err
}

// send writes the gathered points, and then does what else is to be done.
func (b *batch) send(ctx context.Context, then ...*qdrant.PointsUpdateOperation) error {
	var operations []*qdrant.PointsUpdateOperation
	if len(b.points) > 0 {
		operations = append(operations, qdrant.NewPointsUpdateUpsert(&qdrant.PointsUpdateOperation_PointStructList{Points: b.points}))
	}
	if len(b.blind) > 0 {
		// In an optimized segment, a point that is written without a vector
		// keeps the one that it had.
		operations = append(operations, qdrant.NewPointsUpdateDeleteVectors(&qdrant.PointsUpdateOperation_DeleteVectors{
			PointsSelector: qdrant.NewPointsSelectorIDs(b.blind), Vectors: &qdrant.VectorsSelector{Names: []string{denseVector}},
		}))
	}
	err := b.ix.update(ctx, append(operations, then...)...)
	b.ix.frequency.changed(len(b.points) + len(b.documents)) // afterwards, so that what is learned meanwhile is not believed
	b.points, b.blind, b.bytes = nil, nil, 0
	return err
}

// update has the server do operations in order, and returns when a search would
// see what they did.
func (ix *Index) update(ctx context.Context, operations ...*qdrant.PointsUpdateOperation) error {
	return ix.write(ctx, func(ctx context.Context) error {
		results, err := ix.client.UpdateBatch(ctx, &qdrant.UpdateBatchPoints{
			CollectionName: ix.collection, Wait: qdrant.PtrOf(true), Operations: operations,
		})
		if err != nil {
			return err
		}
		for _, r := range results {
			if r.GetStatus() != qdrant.UpdateStatus_Completed {
				return fmt.Errorf("%w: %s", errUnconfirmed, r.GetStatus())
			}
		}
		return nil
	})
}
