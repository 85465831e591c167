package experiments

import (
	"fmt"
	"strings"

	"randalign/nn"
)

// Preset fixes the size of a study. Everything in it enters config.json.
type Preset struct {
	Name string `json:"name"`
	// The network: simple-cnn with this many 3x3 filters and fully connected units.
	Filters int `json:"filters"`
	Hidden  int `json:"hidden"`
	// Images in the upstream set, and as many others in the downstream set.
	Images     int `json:"images"`
	TestImages int `json:"test_images"`
	// Training: SGD with momentum 0.9 and a rate that Steps multiplies by Gamma.
	Batch      int     `json:"batch"`
	LR         float64 `json:"lr"`
	LRSteps    int     `json:"lr_steps"` // upstream only; downstream the rate is constant
	LRGamma    float64 `json:"lr_gamma"`
	Momentum   float64 `json:"momentum"`
	Upstream   int     `json:"upstream_epochs"`
	Downstream int     `json:"downstream_epochs"`
	// Scale times He's standard deviation is the start of all layers. Far below
	// 1, features move while the labels are memorised; at 1 they hardly do.
	Scale float64 `json:"init_scale"`
	Seeds int     `json:"seeds"`
	// MeasureSamples examples give the inputs' covariance of a dense layer.
	MeasureSamples int `json:"measure_samples"`
	// MLP is figure 5's second network, which learns more slowly.
	MLP       string `json:"mlp"`
	MLPEpochs int    `json:"mlp_epochs"`
	// Gaussian holds the trainings of figure 2a.
	Gaussian []GaussianSetting `json:"gaussian"`
}

// GaussianSetting is one of figure 2a's panels: a network of two hidden layers
// on Gaussian data of diagonal covariance, random labels, Runs trainings pooled.
type GaussianSetting struct {
	Name     string  `json:"name"`
	Spec     string  `json:"data"` // a gaussian: source
	Hidden   [2]int  `json:"hidden"`
	Examples int     `json:"examples"`
	Epochs   int     `json:"epochs"`
	Batch    int     `json:"batch"`
	LR       float64 `json:"lr"`
	Runs     int     `json:"runs"`
	// Reference holds published values of f at given sigmas, where the setting is
	// the study's own and was trained with PyTorch: first, extreme, last.
	Reference []ReferencePoint `json:"reference,omitempty"`
	// Shape is what the published curve does: falling, peaked or rising.
	Shape string `json:"shape"`
}

// ReferencePoint is one published value of f.
type ReferencePoint struct {
	Sigma float64 `json:"sigma"`
	F     float64 `json:"f"`
}

// The published settings (Maennel et al. 2020, appendix E.1) with the values
// that PyTorch gives for them, 200 epochs at a constant rate of 0.01.
var (
	gaussianLeft = GaussianSetting{"left", "gaussian:1.0..1.9x10", [2]int{2048, 256}, 10000, 200, 128, 0.01, 8,
		[]ReferencePoint{{1.0, .364}, {1.9, .323}}, "falling"}
	gaussianMiddle = GaussianSetting{"middle", "gaussian:0.1..3.0x30", [2]int{2048, 256}, 10000, 200, 128, 0.01, 8,
		[]ReferencePoint{{0.1, .181}, {1.3, .2025}, {3.0, .1865}}, "peaked"}
	gaussianRight = GaussianSetting{"right", "gaussian:0.1..3.0x30", [2]int{256, 256}, 2000, 200, 128, 0.01, 16,
		[]ReferencePoint{{0.1, .183}, {3.0, .244}}, "rising"}
)

// pooling is the setting with another number of trainings: those of 256 units
// need many for an interval as narrow as the published spread.
func (g GaussianSetting) pooling(runs int) GaussianSetting {
	g.Runs = runs
	return g
}

var presets = []Preset{
	{
		Name: "quick", Filters: 40, Hidden: 32, Images: 1000, TestImages: 500, Batch: 64,
		LR: 0.01, LRGamma: 1, Momentum: 0.9, Upstream: 24, Downstream: 13, Scale: 0.2, Seeds: 5,
		MeasureSamples: 256, MLP: "mlp-256-256", MLPEpochs: 20,
		Gaussian: []GaussianSetting{gaussianRight},
	},
	{
		Name: "standard", Filters: 128, Hidden: 64, Images: 2500, TestImages: 2000, Batch: 128,
		LR: 0.01, LRGamma: 1, Momentum: 0.9, Upstream: 30, Downstream: 20, Scale: 0.2, Seeds: 5,
		MeasureSamples: 1000, MLP: "mlp-2048-256", MLPEpochs: 30,
		Gaussian: []GaussianSetting{gaussianLeft, gaussianMiddle, gaussianRight.pooling(40)},
	},
	{
		Name: "paper", Filters: 256, Hidden: 64, Images: 5000, TestImages: 10000, Batch: 256,
		LR: 0.01, LRSteps: 3, LRGamma: 1.0 / 3, Momentum: 0.9, Upstream: 60, Downstream: 20, Scale: 0.2, Seeds: 10,
		MeasureSamples: 2000, MLP: "mlp-2048-256", MLPEpochs: 30,
		Gaussian: []GaussianSetting{gaussianLeft, gaussianMiddle, gaussianRight.pooling(40)},
	},
}

// PresetNamed returns a preset by its name.
func PresetNamed(name string) (Preset, error) {
	for _, p := range presets {
		if p.Name == name {
			return p, nil
		}
	}
	return Preset{}, fmt.Errorf("preset: found %q, expected one of %s", name, strings.Join(PresetNames(), ", "))
}

// PresetNames lists the presets, the smallest first.
func PresetNames() []string {
	var names []string
	for _, p := range presets {
		names = append(names, p.Name)
	}
	return names
}

// CNN is the preset's simple-cnn as a SPEC.
func (p Preset) CNN() string {
	return fmt.Sprintf("conv:%dx3,relu,flatten,dense:%d,relu,dense:classes", p.Filters, p.Hidden)
}

// sgd returns the optimiser of a training, upstream or downstream.
func (p Preset) sgd(upstream bool) nn.SGD {
	s := nn.SGD{LR: p.LR, Momentum: p.Momentum, Gamma: p.LRGamma}
	if upstream {
		s.Steps = p.LRSteps
	}
	return s
}
