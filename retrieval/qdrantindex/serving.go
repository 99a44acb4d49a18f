package qdrantindex

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/qdrant/go-client/qdrant"
)

// A Served is the collection that answers, and of which model it is.
type Served struct {
	Collection string
	Model      string // empty: the collection does not say
	Dim        int    // 0: likewise
}

// Serving returns the collection that the alias points at, and whether it
// points at any: it does once an Index has been promoted.
func (ix *Index) Serving(ctx context.Context) (Served, bool, error) {
	var s Served
	err := ix.read(ctx, func(ctx context.Context) error {
		name, err := ix.target(ctx)
		if err != nil || name == "" {
			return err
		}
		info, err := ix.client.GetCollectionInfo(ctx, name)
		if err != nil {
			return err
		}
		meta := info.GetConfig().GetMetadata()
		s = Served{Collection: name, Model: meta[metaModel].GetStringValue(), Dim: int(meta[metaDim].GetIntegerValue())}
		return nil
	})
	if err != nil {
		return Served{}, false, fmt.Errorf("qdrantindex: serving: %w", err)
	}
	return s, s.Collection != "", nil
}

// target returns the name of the collection that the alias points at, empty if
// there is no alias.
func (ix *Index) target(ctx context.Context) (string, error) {
	aliases, err := ix.client.ListAliases(ctx)
	if err != nil {
		return "", err
	}
	for _, a := range aliases {
		if a.GetAliasName() == ix.prefix {
			return a.GetCollectionName(), nil
		}
	}
	return "", nil
}

// Promote makes the index's collection the one that serves, in one step: at no
// time does the alias point nowhere. To promote what serves already does
// nothing.
func (ix *Index) Promote(ctx context.Context) error {
	var before string
	err := ix.write(ctx, func(ctx context.Context) error {
		var err error
		if before, err = ix.target(ctx); err != nil || before == ix.collection {
			return err
		}
		var actions []*qdrant.AliasOperations
		if before != "" {
			actions = append(actions, qdrant.NewAliasDelete(ix.prefix))
		}
		return ix.client.UpdateAliases(ctx, append(actions, qdrant.NewAliasCreate(ix.prefix, ix.collection)))
	})
	if err != nil {
		return fmt.Errorf("qdrantindex: promote %s: %w", ix.collection, err)
	}
	if before != ix.collection {
		ix.log.Info("collection serves", "collection", ix.collection, "before", before)
	}
	return nil
}

// Prune removes the prefix's collections but the one that serves and the
// index's own, and returns their names, sorted. It is for when the model that
// served before is not wanted back: no process may still be using it.
func (ix *Index) Prune(ctx context.Context) ([]string, error) {
	var removed []string
	err := ix.write(ctx, func(ctx context.Context) error {
		serving, err := ix.target(ctx)
		if err != nil {
			return err
		}
		names, err := ix.client.ListCollections(ctx)
		if err != nil {
			return err
		}
		for _, name := range names {
			if name == serving || name == ix.collection || !strings.HasPrefix(name, ix.prefix+"_") {
				continue
			}
			info, err := ix.client.GetCollectionInfo(ctx, name)
			if err != nil {
				return err
			}
			// A prefix may begin like another one.
			if info.GetConfig().GetMetadata()[metaPrefix].GetStringValue() != ix.prefix {
				continue
			}
			if err := ix.client.DeleteCollection(ctx, name); err != nil {
				return err
			}
			removed = append(removed, name)
			ix.log.Info("collection removed", "collection", name)
		}
		return nil
	})
	slices.Sort(removed)
	if err != nil {
		return removed, fmt.Errorf("qdrantindex: prune: %w", err)
	}
	return removed, nil
}
