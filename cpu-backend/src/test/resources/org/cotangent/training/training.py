# Prints training.txt with PyTorch 1.13: python3 training.py > training.txt
import torch, torch.nn.functional as F, math
torch.set_default_dtype(torch.float64)
def fmt(*ts):
    out=[]
    for t in ts:
        out+= [format(v, '.14g') for v in (t.detach().reshape(-1).tolist() if torch.is_tensor(t) else [t])]
    return ' '.join(out)
X=[[0.5,-1.2,2.0],[1.5,0.3,-0.7],[-0.2,0.8,0.1],[2.2,-0.4,1.1]]
T=torch.tensor([2,0,1,2]); W=torch.tensor([0.5,2.0,1.25])
P=torch.tensor([[0.2,0.3,0.5],[1.0,0.0,0.0],[0.1,0.8,0.1],[0.25,0.25,0.5]])
def case(name,f,*shape):
    x=torch.tensor(X,requires_grad=True)
    l=f(x); (l*torch.arange(1.,l.numel()+1).reshape(l.shape)).sum().backward() if l.dim() else l.backward()
    print(name,'=',fmt(l),'|',fmt(x.grad))
print('# class losses')
case('mean',lambda x:F.cross_entropy(x,T))
case('sum',lambda x:F.cross_entropy(x,T,reduction='sum'))
case('none',lambda x:F.cross_entropy(x,T,reduction='none'))
case('ignore 2',lambda x:F.cross_entropy(x,T,ignore_index=2))
case('ignore 2 none',lambda x:F.cross_entropy(x,T,ignore_index=2,reduction='none'))
case('weight',lambda x:F.cross_entropy(x,T,weight=W))
case('weight sum',lambda x:F.cross_entropy(x,T,weight=W,reduction='sum'))
case('smooth',lambda x:F.cross_entropy(x,T,label_smoothing=0.1))
case('smooth weight ignore 0',lambda x:F.cross_entropy(x,T,weight=W,ignore_index=0,label_smoothing=0.2))
case('smooth weight ignore 0 none',lambda x:F.cross_entropy(x,T,weight=W,ignore_index=0,label_smoothing=0.2,reduction='none'))
case('probabilities',lambda x:F.cross_entropy(x,P))
case('probabilities smooth weight',lambda x:F.cross_entropy(x,P,weight=W,label_smoothing=0.2,reduction='sum'))
case('probabilities none',lambda x:F.cross_entropy(x,P,reduction='none'))
T2=torch.tensor([[2,0],[1,-100]])
case('spatial',lambda x:F.cross_entropy(x.reshape(2,3,2),T2))
case('spatial smooth weight',lambda x:F.cross_entropy(x.reshape(2,3,2),T2,weight=W,label_smoothing=0.1))
case('one example',lambda x:F.cross_entropy(x[0],torch.tensor(2)))
case('nll',lambda x:F.nll_loss(x,T))
case('nll weight ignore 1',lambda x:F.nll_loss(x,T,weight=W,ignore_index=1))
case('nll weight none',lambda x:F.nll_loss(x,T,weight=W,reduction='none'))
def case2(name,f,X0=X):
    x=torch.tensor(X0,requires_grad=True); t=P.clone().requires_grad_()
    l=f(x,t); (l*torch.arange(1.,l.numel()+1).reshape(l.shape)).sum().backward() if l.dim() else l.backward()
    print(name,'=',fmt(l),'|',fmt(x.grad),'|',fmt(t.grad))
print('# elementwise losses')
bl=F.binary_cross_entropy_with_logits
case2('bce logits',bl)
case2('bce logits sum',lambda x,t:bl(x,t,reduction='sum'))
case2('bce logits positive',lambda x,t:bl(x,t,pos_weight=W))
Q=[[0.5,0.12,0.99],[0.15,0.3,0.7],[0.02,0.8,0.1],[0.22,0.4,0.11]]
case2('bce',F.binary_cross_entropy,Q)
for n,f in (('mse',F.mse_loss),('l1',F.l1_loss)):
  for r in ('mean','sum','none'): case2(n+' '+r,lambda x,t:f(x,t,reduction=r))
case2('smooth l1 0.5',lambda x,t:F.smooth_l1_loss(x,t,beta=0.5))
case2('huber 0.7',lambda x,t:F.huber_loss(x,t,delta=0.7))
print('# norm and activations')
def vg(name,f,*ps):
    x=torch.tensor(X,requires_grad=True); ps=[torch.tensor(p,requires_grad=True) for p in ps]
    y=f(x,*ps); (y*torch.arange(1.,13.).reshape(4,3)).sum().backward()
    print(name,'=',fmt(y),'|',fmt(x.grad),*['| '+fmt(p.grad) for p in ps])
vg('layer norm',lambda x:F.layer_norm(x,(3,),eps=1e-5))
vg('layer norm affine',lambda x,w,b:F.layer_norm(x,(3,),w,b,1e-3),[0.5,1.5,-2.0],[0.1,0.2,0.3])
vg('layer norm both axes',lambda x:F.layer_norm(x,(4,3),eps=1e-5))
vg('rms norm',lambda x,w:x*torch.rsqrt((x*x).mean(-1,keepdim=True)+1e-6)*w,[0.5,1.5,-2.0])
vg('leaky relu',lambda x:F.leaky_relu(x,0.1)); vg('elu',lambda x:F.elu(x,1.5)); vg('gelu tanh',lambda x:F.gelu(x,approximate='tanh'))
vg('mish',F.mish); vg('softsign',F.softsign); vg('hardtanh',lambda x:F.hardtanh(x,-1,1))
vg('linear',lambda x,w,b:F.linear(x,w,b),[[1.,2,3],[0,-1,.5],[.2,.3,.4]],[.1,.2,.3])
print('# optimisers')
from torch import optim
A=torch.tensor([[1.0,-0.5],[0.3,0.8],[-1.1,0.4]])
def run(name,mk,n=5,dt=torch.float64):
    w=torch.tensor([[0.2,-0.4],[0.7,0.1]],dtype=dt,requires_grad=True); b=torch.tensor([0.5,-0.3],dtype=dt,requires_grad=True)
    o=mk([w,b])
    for i in range(n):
        o.zero_grad(); y=(A.to(dt)@w+b).tanh(); l=((y-0.25*i)**2).sum()+ (w**3).sum()*0.1; l.backward(); o.step()
    print(name,'=',fmt(w,b))
run('sgd',lambda p:optim.SGD(p,lr=0.1))
run('sgd decay',lambda p:optim.SGD(p,lr=0.1,weight_decay=0.1))
run('sgd momentum',lambda p:optim.SGD(p,lr=0.1,momentum=0.9))
run('sgd dampening',lambda p:optim.SGD(p,lr=0.1,momentum=0.9,dampening=0.3,weight_decay=0.1))
run('sgd nesterov',lambda p:optim.SGD(p,lr=0.1,momentum=0.9,nesterov=True,weight_decay=0.1))
run('adam',lambda p:optim.Adam(p,lr=0.1))
run('adam decay amsgrad',lambda p:optim.Adam(p,lr=0.1,weight_decay=0.1,amsgrad=True,betas=(0.5,0.6),eps=1e-3))
run('adamw',lambda p:optim.AdamW(p,lr=0.1))
run('adamw amsgrad',lambda p:optim.AdamW(p,lr=0.1,weight_decay=0.3,amsgrad=True,betas=(0.5,0.6),eps=1e-3))
run('adamw 32',lambda p:optim.AdamW(p,lr=0.1),dt=torch.float32)
run('groups',lambda p:optim.AdamW([dict(params=[p[0]]),dict(params=[p[1]],lr=0.01,weight_decay=0.)],lr=0.1,weight_decay=0.5))
print('# schedules')
S=optim.lr_scheduler
def sch(name,mk,lr=0.1,n=11):
    p=torch.zeros(1,requires_grad=True); o=optim.SGD([p],lr=lr); s=mk(o); r=[]
    for i in range(n):
        r.append(o.param_groups[0]['lr']); o.step(); s.step()
    print(name,'=',' '.join(format(float(v), '.14g') for v in r))
sch('step',lambda o:S.StepLR(o,3,0.5)); sch('exponential',lambda o:S.ExponentialLR(o,0.9)); sch('cosine',lambda o:S.CosineAnnealingLR(o,10,0.01))
sch('warmup',lambda o:S.LinearLR(o,start_factor=0.25,total_iters=5)); sch('one cycle',lambda o:S.OneCycleLR(o,max_lr=0.1,total_steps=12))
sch('one cycle other',lambda o:S.OneCycleLR(o,max_lr=0.1,total_steps=12,pct_start=0.5,div_factor=10,final_div_factor=100))
print('# clip')
def clip(name,mx,p):
    a=torch.tensor([3.,-4.],requires_grad=True); b=torch.tensor([[12.,0.5]],requires_grad=True)
    a.grad=torch.tensor([3.,-4.]); b.grad=torch.tensor([[12.,0.5]])
    n=torch.nn.utils.clip_grad_norm_([a,b],mx,norm_type=p); print(name,'=',fmt(n),'|',fmt(a.grad,b.grad))
clip('two',1.0,2); clip('one',2.0,1); clip('infinity',3.0,math.inf); clip('loose',100.0,2); clip('three',1.5,3)
