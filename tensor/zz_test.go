package tensor
import ("testing";"fmt";"os";"strconv";"strings")
func BenchmarkZC(b *testing.B){
 for _,spec:=range strings.Fields(os.Getenv("ZC")){
  var f []int; for _,x:=range strings.Split(spec,","){ v,_:=strconv.Atoi(x); f=append(f,v)}
  s:=ConvShape{C:f[1],H:f[2],W:f[2],K:f[3],R:f[4],S:f[4],Stride:f[5],Pad:f[6]}; n:=f[0]
  c,p:=NewConv[float32](s),NewPool(1)
  x,w,bias,y:=Make[float32](n*s.C*s.H*s.W),Make[float32](s.K*s.Patch()),make([]float32,s.K),Make[float32](n*s.K*c.Positions())
  st:=NewStream(1,"x"); FillNormal(st,x,1);FillNormal(st,w,1);FillNormal(st,y,1)
  flop:=2*float64(n*s.K*c.Positions()*s.Patch())
  for _,d:=range os.Getenv("ZD"){
  b.Run(fmt.Sprintf("%s/%c",spec,d),func(b *testing.B){ for b.Loop(){ switch d{
   case 'f': c.Forward(p,n,x,w,bias,y,false)
   case 'w': c.WeightGrad(p,n,x,y,w,bias,nil)
   case 'd': c.InputGrad(p,n,w,y,x)
  }}
  b.ReportMetric(flop*float64(b.N)/b.Elapsed().Seconds()/1e9,"GFLOP/s")})
  }
  p.Close()
 }
}
