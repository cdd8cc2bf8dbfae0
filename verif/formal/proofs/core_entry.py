from verif.formal.proof import *
from verif.formal.catalogue import PROOFS
from verif.formal.flow import _Job, FOLDER
import sys
P=Proof(name="core",top="core_props",claim="x",source="x",blocks=("aqs_gemm_core",),method=BOUNDED,depth=int(sys.argv[1]),cover=40)
j=_Job(P,FOLDER/"core",None); j.compile(); print(j._claims)
