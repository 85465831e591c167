package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "randalign"

// floors are the packages of the module from the ground up; a folder inside one
// belongs to it. An import points down or stays on its floor.
var floors = []string{"asm", "tensor", "linalg", "nn", "experiments", "cmd"}

// lastToWeights is the highest floor whose numbers reach weights.
const lastToWeights = "nn"

// Modules that may be linked, and those that tests may use besides.
var (
	allowed      = []string{"github.com/klauspost/cpuid/v2", "golang.org/x/sys"}
	allowedTests = []string{"github.com/stretchr/testify"}
)

// inexact lists functions of package math whose bits differ between
// architectures: assembly on some, or plain Go that the compiler fuses on some.
var inexact = strings.Fields(`Exp Exp2 Expm1 Log Log2 Log10 Log1p Pow Sinh Cosh Tanh Asinh Acosh Atanh
	Sin Cos Tan Sincos Asin Acos Atan Atan2 Erf Erfc Erfinv Erfcinv Gamma Lgamma Hypot Cbrt J0 J1 Jn Y0 Y1 Yn`)

// checkLayers returns what breaks the rules of the house in one file; name is
// its path inside the module.
func checkLayers(name string, src any) ([]string, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var found []string
	say := func(at ast.Node, format string, args ...any) {
		found = append(found, fmt.Sprintf("%s: %s", fset.Position(at.Pos()), fmt.Sprintf(format, args...)))
	}
	isTest := strings.HasSuffix(name, "_test.go")
	top, _, _ := strings.Cut(name, "/")
	floor := slices.Index(floors, top)
	if floor < 0 {
		say(file.Name, "package %s stands outside the floors %v", file.Name.Name, floors)
		return found, nil
	}
	mathName := ""
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		first, _, _ := strings.Cut(imported, "/")
		local := path.Base(imported)
		if spec.Name != nil {
			local = spec.Name.Name
		}
		switch {
		case imported == "C":
			say(spec, "cgo")
		case imported == "math/rand":
			say(spec, "math/rand, whose streams are global: use a tensor.Stream or math/rand/v2")
		case imported == "math":
			if mathName = local; local == "." {
				say(spec, "math imported as a dot")
			}
		case first == module:
			checkOwn(say, spec, name, imported, floor, isTest)
		case strings.Contains(first, "."):
			if !under(imported, allowed) && !(isTest && under(imported, allowedTests)) {
				say(spec, "third-party %s", imported)
			}
		}
	}
	if floor > slices.Index(floors, lastToWeights) || isTest || mathName == "" {
		return found, nil
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == mathName && slices.Contains(inexact, s.Sel.Name) {
				say(s, "math.%s has other bits on another architecture: use package tensor's", s.Sel.Name)
			}
		}
		return true
	})
	return found, nil
}

// checkOwn judges an import from this module.
func checkOwn(say func(ast.Node, string, ...any), spec *ast.ImportSpec, name, imported string, floor int, isTest bool) {
	parts := strings.Split(imported, "/")
	if len(parts) < 2 || !slices.Contains(floors, parts[1]) {
		say(spec, "%s is on no floor", imported)
		return
	}
	if slices.Index(floors, parts[1]) > floor {
		say(spec, "%s imports upwards: %s", floors[floor], imported)
	}
	ownFolder := path.Join(module, path.Dir(name)) == imported
	if last := parts[len(parts)-1]; strings.HasSuffix(last, "test") && !isTest && !ownFolder {
		say(spec, "%s is for tests", imported)
	}
}

func under(imported string, modules []string) bool {
	return slices.ContainsFunc(modules, func(m string) bool { return imported == m || strings.HasPrefix(imported, m+"/") })
}

func TestLayers(t *testing.T) {
	root := filepath.Join("..", "..")
	_, err := os.Stat(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	files := 0
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if hidden := strings.ContainsAny(d.Name()[:1], "._") && p != root; hidden || d.Name() == "testdata" {
				return fs.SkipDir
			}
			return nil
		}
		if filepath.Ext(p) != ".go" {
			return nil
		}
		files++
		src, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		found, err := checkLayers(filepath.ToSlash(rel), src)
		for _, f := range found {
			t.Error(f)
		}
		return err
	})
	require.NoError(t, err)
	require.Greater(t, files, 30, "the walk missed the module")
}

func TestLayersCatches(t *testing.T) {
	for _, c := range []struct{ what, name, src, want string }{
		{"upward", "asm/a.go", `import "randalign/tensor"`, "asm imports upwards: randalign/tensor"},
		{"upward by a test", "linalg/a_test.go", `import "randalign/nn"`, "linalg imports upwards"},
		{"upward from a folder inside", "asm/asmtest/a.go", `import _ "randalign/linalg"`, "asm imports upwards"},
		{"upward to the top", "experiments/a.go", `import "randalign/cmd/randalign"`, "experiments imports upwards"},
		{"off the floors", "nn/a.go", `import "randalign/util"`, "on no floor"},
		{"a new top-level package", "util/a.go", ``, "outside the floors"},
		{"a helper of tests", "nn/a.go", `import "randalign/asm/asmtest"`, "is for tests"},
		{"third party", "nn/a.go", `import "gonum.org/v1/gonum/mat"`, "third-party gonum.org"},
		{"third party in a test", "nn/a_test.go", `import "gonum.org/v1/gonum/mat"`, "third-party gonum.org"},
		{"a module of a like name", "nn/a.go", `import "golang.org/x/sysx"`, "third-party"},
		{"testify outside a test", "nn/a.go", `import "github.com/stretchr/testify/require"`, "third-party"},
		{"cgo", "asm/a.go", `import "C"`, "cgo"},
		{"old random numbers", "cmd/randalign/a_test.go", `import r "math/rand"`, "math/rand"},
		{"exp", "nn/a.go", `import "math"; var x = math.Exp(1)`, "math.Exp has other bits"},
		{"a function value", "asm/a.go", `import "math"; var f = math.Tanh`, "math.Tanh"},
		{"another name for math", "tensor/a.go", `import m "math"; func f(x float64) float64 { return m.Pow(x, 2) }`, "math.Pow"},
		{"a dot", "linalg/a.go", `import . "math"; var x = Log(2)`, "dot"},
	} {
		found, err := checkLayers(c.name, "package p;"+c.src)
		require.NoError(t, err, c.what)
		require.Len(t, found, 1, c.what)
		require.Contains(t, found[0], c.want, c.what)
		require.True(t, strings.HasPrefix(found[0], c.name+":1:"), found[0])
	}
	for _, c := range []struct{ what, name, src string }{
		{"downward", "nn/a.go", `import ("randalign/tensor"; "randalign/asm")`},
		{"the same floor", "asm/a_test.go", `import "randalign/asm/asmtest"`},
		{"a floor's helper in a test above", "nn/a_test.go", `import "randalign/asm/asmtest"`},
		{"allowed modules", "asm/a.go", `import ("github.com/klauspost/cpuid/v2"; "golang.org/x/sys/unix")`},
		{"testify in a test", "nn/a_test.go", `import "github.com/stretchr/testify/require"`},
		{"exact mathematics", "nn/a.go", `import "math"; var x = math.Sqrt(math.FMA(2, 2, math.Ldexp(1, 3)))`},
		{"exp in a test", "tensor/a_test.go", `import "math"; var x = math.Exp(1)`},
		{"exp above weights", "experiments/a.go", `import "math"; var x = math.Exp(1)`},
		{"another Exp", "nn/a.go", `import "randalign/tensor"; var x = tensor.Exp(1)`},
		{"random numbers of version 2", "tensor/a.go", `import "math/rand/v2"`},
	} {
		found, err := checkLayers(c.name, "package p;"+c.src)
		require.NoError(t, err, c.what)
		require.Empty(t, found, c.what)
	}
}
