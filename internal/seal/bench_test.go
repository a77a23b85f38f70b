package seal

import (
	"sync/atomic"
	"testing"

	"github.com/avow-dev/avow/internal/db"
)

func BenchmarkSeal(b *testing.B) {
	k := newStores(b, db.SQLite).ring(b)
	key := k.mustNext(b)
	plain := make([]byte, 256)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.Seal(b.Context(), key, place, plain); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenCached(b *testing.B) {
	k := newStores(b, db.SQLite).ring(b)
	key := k.mustNext(b)
	sealed := k.mustSeal(b, key, place, string(make([]byte, 256)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := k.Open(b.Context(), key, place, sealed); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpenCold reads the key from the store and unwraps it each time.
func BenchmarkOpenCold(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(engine), func(b *testing.B) {
			k := newStores(b, engine).ring(b)
			key := k.mustNext(b)
			sealed := k.mustSeal(b, key, place, string(make([]byte, 256)))
			for b.Loop() {
				k.cache.drop([]KeyID{key})
				if _, err := k.Open(b.Context(), key, place, sealed); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkUnwrap is the share of a cold open that is not the store's.
func BenchmarkUnwrap(b *testing.B) {
	w, err := newWrapper("test", EpochKey{Number: 1, Key: make([]byte, epochKeyLen)})
	if err != nil {
		b.Fatal(err)
	}
	wrapped := w.wrapKey(7, make([]byte, keyLen))
	for b.Loop() {
		raw, err := w.unwrapKey(7, wrapped)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := newAEAD(raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIndex(b *testing.B) {
	x := newIndex(make([]byte, keyLen))
	b.ReportAllocs()
	for b.Loop() {
		x.sum("email", "somebody@example.com")
	}
}

func BenchmarkNext(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(engine), func(b *testing.B) {
			k := newStores(b, engine).ring(b)
			b.SetParallelism(32)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := k.Next(b.Context()); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

func BenchmarkDestroy64Callers(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(engine), func(b *testing.B) {
			k := newStores(b, engine).ring(b)
			keys := make([]KeyID, b.N)
			for i := range keys {
				keys[i] = k.mustNext(b)
			}
			var next atomic.Int64
			b.SetParallelism(32)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := k.Destroy(b.Context(), keys[next.Add(1)-1]); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// BenchmarkRotate re-wraps 20,000 keys an operation.
func BenchmarkRotate(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(engine), func(b *testing.B) {
			k := newStores(b, engine).ring(b)
			for range 20_000 {
				k.mustNext(b)
			}
			k.waitForFill()
			keys := 0
			for b.Loop() {
				_, err := k.Rotate(b.Context(), func(done, total int) {
					if done == total {
						keys += done
					}
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(keys)/b.Elapsed().Seconds(), "keys/s")
		})
	}
}
