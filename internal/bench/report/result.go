package report

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Results are metrics by the name of the benchmark, without its "Benchmark" and
// the number of processors, and by their unit.
type Results map[string]map[string]float64

var processors = regexp.MustCompile(`-\d+$`)

// Parse adds the lines that go test prints for benchmarks.
func (r Results) Parse(output string) {
	for line := range strings.Lines(output) {
		f := strings.Fields(line)
		if len(f) < 4 || !strings.HasPrefix(f[0], "Benchmark") {
			continue
		}
		if _, err := strconv.Atoi(f[1]); err != nil {
			continue
		}
		metrics := map[string]float64{}
		for i := 2; i+1 < len(f); i += 2 {
			v, err := strconv.ParseFloat(f[i], 64)
			if err != nil {
				break
			}
			metrics[f[i+1]] = v
		}
		r[processors.ReplaceAllString(strings.TrimPrefix(f[0], "Benchmark"), "")] = metrics
	}
}

// REST adds what avowbench -json prints: rows named rest/NAME/1 and rest/NAME/16,
// and standing.
func (r Results) REST(output []byte) error {
	type figure struct {
		Rate float64 `json:"per_second"`
		P99  float64 `json:"p99_ms"`
		CPU  float64 `json:"server_cpu_us"`
	}
	var in struct {
		REST []struct {
			Name string
			One  figure `json:"one"`
			Many figure `json:"sixteen"`
		}
		Standing struct {
			Subjects float64 `json:"subjects"`
			Start    float64 `json:"start_ms"`
			RSS      float64 `json:"rss_mb"`
		}
	}
	if err := json.Unmarshal(output, &in); err != nil {
		return fmt.Errorf("the REST rows cannot be read: %w", err)
	}
	for _, x := range in.REST {
		name, _, _ := strings.Cut(x.Name, " ")
		for n, f := range map[string]figure{"1": x.One, "16": x.Many} {
			r["rest/"+name+"/"+n] = map[string]float64{"requests/s": f.Rate, "p99-ms": f.P99, "server-cpu-µs": f.CPU}
		}
	}
	if s := in.Standing; s.Subjects > 0 {
		r["standing"] = map[string]float64{"subjects": s.Subjects, "start-ms": s.Start, "rss-MB": s.RSS}
	}
	return nil
}

// get returns a metric, and false where it was not measured.
func (r Results) get(name, unit string) (float64, bool) {
	v, ok := r[name][unit]
	return v, ok
}

// sizes returns the numbers that stand at the end of the names that begin so, in
// order.
func (r Results) sizes(prefix string) (list []int) {
	for name := range r {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			rest, _, _ = strings.Cut(rest, "/")
			if n, err := strconv.Atoi(rest); err == nil {
				list = append(list, n)
			}
		}
	}
	return unique(list)
}
