//go:build !race

package scenarios

func raceDisable() {}
func raceEnable()  {}
