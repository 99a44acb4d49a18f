package qdrantindex

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/qdrant/go-client/qdrant"
	"golang.org/x/sync/errgroup"

	"github.com/whetstone-desk/whetstone/embeddings"
)

// The vectors of a point.
const (
	denseVector   = "dense"
	lexicalVector = "lexical"
)

// What a collection says of itself, in its metadata.
const (
	metaPrefix = "whetstone_prefix"
	metaModel  = "whetstone_model"
	metaDim    = "whetstone_dim"
)

// layout changes when points are written in a form that older ones do not have,
// so that they never meet in one collection.
const layout = 1

// oldest is the first minor version of Qdrant 1 whose collections can say of
// which model they are.
const oldest = 16

// collectionName names the collection of a model. Models whose names differ
// only in what a collection's name cannot hold differ in the hash.
func collectionName(prefix, model string, dim int) string {
	readable := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.':
			return r
		}
		return '-'
	}, model)
	readable = readable[:min(len(readable), 64)] // the server makes it a folder's name
	sum := sha256.Sum256([]byte(model))
	return fmt.Sprintf("%s_%s_%d_%s_v%d", prefix, readable, dim, hex.EncodeToString(sum[:4]), layout)
}

// prepare sees to it that the server is one to work with and that the
// collection is there and as it should be.
func (ix *Index) prepare(ctx context.Context) error {
	var info *qdrant.CollectionInfo
	err := ix.read(ctx, func(ctx context.Context) error {
		health, err := ix.client.HealthCheck(ctx)
		if err != nil {
			return err
		}
		if v, err := qdrant.ParseVersion(health.GetVersion()); err == nil && v.Major == 1 && v.Minor < oldest {
			return fmt.Errorf("the server is Qdrant %s: use 1.%d or later", health.GetVersion(), oldest)
		}
		info, err = ix.client.GetCollectionInfo(ctx, ix.collection)
		return err
	})
	switch {
	case missing(err):
		return ix.create(ctx)
	case err != nil:
		return err
	}
	if err := ix.check(info); err != nil {
		return err
	}
	return ix.index(ctx, info.GetPayloadSchema())
}

// create makes the collection. Of several processes that do so at once, one
// succeeds and the others take what it made.
func (ix *Index) create(ctx context.Context) error {
	var info *qdrant.CollectionInfo
	err := ix.write(ctx, func(ctx context.Context) error {
		refused := ix.client.CreateCollection(ctx, ix.schema())
		var err error
		if info, err = ix.client.GetCollectionInfo(ctx, ix.collection); missing(err) && refused != nil {
			return refused
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := ix.check(info); err != nil {
		return err
	}
	if err := ix.index(ctx, info.GetPayloadSchema()); err != nil {
		return err
	}
	ix.log.Info("collection made", "collection", ix.collection, "model", ix.model, "dim", ix.dim)
	return nil
}

func (ix *Index) schema() *qdrant.CreateCollection {
	return &qdrant.CreateCollection{
		CollectionName: ix.collection,
		VectorsConfig: qdrant.NewVectorsConfigMap(map[string]*qdrant.VectorParams{
			denseVector: {Size: uint64(ix.dim), Distance: qdrant.Distance_Cosine},
		}),
		SparseVectorsConfig: qdrant.NewSparseVectorsConfig(map[string]*qdrant.SparseVectorParams{
			lexicalVector: {Modifier: qdrant.Modifier_Idf.Enum()},
		}),
		Metadata: map[string]*qdrant.Value{
			metaPrefix: qdrant.NewValueString(ix.prefix),
			metaModel:  qdrant.NewValueString(ix.model),
			metaDim:    qdrant.NewValueInt(int64(ix.dim)),
		},
	}
}

// check reports why the collection cannot hold this model's points.
func (ix *Index) check(info *qdrant.CollectionInfo) error {
	wrong := func(what string) error {
		return fmt.Errorf("%w: collection %s %s: remove it so that it is made anew, or set another prefix", embeddings.ErrMisconfigured, ix.collection, what)
	}
	params := info.GetConfig().GetParams()
	dense := params.GetVectorsConfig().GetParamsMap().GetMap()[denseVector]
	lexical := params.GetSparseVectorsConfig().GetMap()[lexicalVector]
	switch {
	case dense == nil || lexical == nil:
		return wrong("is not one of Whetstone's")
	case dense.GetSize() != uint64(ix.dim):
		return wrong(fmt.Sprintf("holds vectors of dimension %d, and model %s has %d", dense.GetSize(), ix.model, ix.dim))
	case dense.GetDistance() != qdrant.Distance_Cosine:
		return wrong("compares vectors by " + dense.GetDistance().String() + " and not by cosine")
	case lexical.GetModifier() != qdrant.Modifier_Idf:
		return wrong("does not weigh terms by how rare they are")
	}
	return nil
}

// index makes the payload indexes that are not there yet, all at once: one
// after another, each would wait a tenth of a second for the server's workers.
func (ix *Index) index(ctx context.Context, have map[string]*qdrant.PayloadSchemaInfo) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, field := range []string{
		fieldWorkspace, fieldDocument, fieldKind, fieldAudience, fieldLocale, fieldProduct, fieldRegion, fieldTags,
	} {
		if have[field] != nil {
			continue
		}
		params := new(qdrant.KeywordIndexParams)
		if field == fieldWorkspace {
			params.IsTenant = qdrant.PtrOf(true)
		}
		request := &qdrant.CreateFieldIndexCollection{
			CollectionName: ix.collection, FieldName: field, Wait: qdrant.PtrOf(true),
			FieldType:        qdrant.FieldType_FieldTypeKeyword.Enum(),
			FieldIndexParams: qdrant.NewPayloadIndexParamsKeyword(params),
		}
		g.Go(func() error {
			return ix.write(ctx, func(ctx context.Context) error {
				_, err := ix.client.CreateFieldIndex(ctx, request)
				return err
			})
		})
	}
	return g.Wait()
}
