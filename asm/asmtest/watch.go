package asmtest

import (
	"reflect"

	"randalign/asm"
)

// Watch makes every kernel of a table cross its name off what is left before it runs. Kernels of
// embedded tables have their own names, those of others come behind a dot: GemmF32.Run.
func Watch(k *asm.Kernels) (left map[string]bool) {
	left = map[string]bool{}
	watch(reflect.ValueOf(k).Elem(), "", left)
	return left
}

func watch(table reflect.Value, prefix string, left map[string]bool) {
	for i := range table.NumField() {
		f, info := table.Field(i), table.Type().Field(i)
		name := prefix + info.Name
		switch {
		case info.Anonymous:
			watch(f, prefix, left)
		case f.Kind() == reflect.Struct:
			watch(f, name+".", left)
		case f.Kind() == reflect.Func && !f.IsNil():
			left[name] = true
			kernel := reflect.ValueOf(f.Interface())
			f.Set(reflect.MakeFunc(f.Type(), func(args []reflect.Value) []reflect.Value {
				delete(left, name)
				return kernel.Call(args)
			}))
		}
	}
}
