"""Word lists: forenames, surnames, places of Britain and Ireland, common English words (data/SOURCES.md). Letters are plain and small."""

import gzip
from functools import cache
from importlib.resources import files


def _lines(name: str) -> list[str]:
    data = files("redaction.engine.detect").joinpath("data", f"{name}.txt.gz").read_bytes()
    return gzip.decompress(data).decode().split("\n")


@cache
def forenames() -> frozenset[str]:
    """Forenames and their short forms."""
    return frozenset(_lines("forenames")) | frozenset(short for shorts in nicknames().values() for short in shorts)


@cache
def surnames() -> frozenset[str]:
    """Surnames."""
    return frozenset(_lines("surnames"))


@cache
def words() -> frozenset[str]:
    """Common English words, without those that are far more often a name."""
    return frozenset(_lines("words")) | _MORE_WORDS


@cache
def word_surnames() -> frozenset[str]:
    """Surnames that are words as well: behind a forename, a title or in a form's field a capital makes them names."""
    return frozenset(_WORD_SURNAMES.split())


def is_surname(word: str) -> bool:
    """Whether a word (small letters) is a surname, a word besides or not."""
    return word in surnames() or word in word_surnames()


def more_words() -> frozenset[str]:
    """Days, months, brands, what records and chats use: no names, whatever their capitals."""
    return _MORE_WORDS


@cache
def frequent() -> frozenset[str]:
    """The most frequent of the words: hardly ever part of a name, whatever stands beside them."""
    return frozenset(_lines("words")[:6000]) | _MORE_WORDS


@cache
def places() -> frozenset[str]:
    """Towns and larger villages of Britain and Ireland, large cities of the world."""
    return frozenset(_lines("places")) | _MORE_PLACES


@cache
def nicknames() -> dict[str, tuple[str, ...]]:
    """Forename to the short forms in use for it."""
    table: dict[str, tuple[str, ...]] = {}
    for line in _NICKNAMES.strip().splitlines():
        names, _, shorts = line.partition(":")
        for name in names.split():
            table[name] = (*table.get(name, ()), *shorts.split())
    return table


_MORE_WORDS = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october
    november december christmas easter ramadan eid diwali valentine valentines english british scottish welsh irish polish indian
    asian african european american chinese romanian somali pakistani bengali nigerian muslim christian catholic sikh hindu jewish
    facebook instagram insta snapchat snap whatsapp tiktok twitter telegram youtube google gmail hotmail outlook iphone android
    samsung apple huawei hinge tinder bumble grindr uber bolt zara tesco asda sainsburys aldi lidl boots greggs costa starbucks
    mcdonalds kfc nandos wetherspoons spoons primark argos netflix spotify monzo barclays lloyds natwest halifax santander hsbc
    visa mastercard revolut paypal vodafone giffgaff tesla toyota nissan vauxhall corsa astra golf fiesta focus polo audi bmw mercedes skoda prius
    transit micra zafira insignia mokka peugeot renault citroen honda hyundai kia mazda seat fiat volvo rover mini ford volkswagen passat qashqai clio
    oyster railcard paracetamol ibuprofen sertraline fluoxetine codeine salbutamol propranolol diazepam citalopram mirtazapine amoxicillin
    complainant complainants defendant accused suspect witness victim informant caller detainee custody arrest bail statement
    exhibit unused disclosure charge summary interview interviewer interviewee intermediary counsellor solicitor prosecutor
    constable sergeant inspector superintendent commissioner officer detective dna cctv bwv imei imsi urn nhs cps sarc isva soit flo
    abe vps mgm gp hr ed hiv pep ocd ptsd adhd dwp hmp hmrc dvla dbs dv dp hcp ta eta asap diy ok okay lol omg tho wot wots gonna
    wanna dunno innit init yeah yh yep nah nope soz thx ty pls plz rn tbh ngl idk brb babe hun mate bruv bro sis mum mam mom dad nan
    nana nanna gran granny grandad granda grandma grandpa grampy auntie aunty uncle cousin fella bloke lad lass gorgeous xx xxx
    tonight tonite tmrw tomoz cos coz bcoz cuz ur urs u r n w im ive ill il id its isnt dont doesnt didnt wont cant couldnt wouldnt
    shouldnt havent hasnt hadnt wasnt werent arent aint youre youve youll theyre theyve weve were hes shes whos whats thats theres
    heres lets ya yous em tis cya xo btw fyi re fw fwd cc bcc attn dob ref tel mob fax ext no nos hrs hr mins sec secs approx incl
    ecstasy mdma ketamine cannabis cocaine spliff vape vodka prosecco jagerbomb jager pub nightclub offie chippy takeaway uni sixth
    screenshot screenshots screenshotted voicemail voicenote dm dms pm pms emoji selfie selfies unfriended timestamp username
    passcode logon login wechat weibo viber imessage bumble iban bic cpoms sims niche cris wifi bluetooth sim handset laptop ipad macbook playstation xbox email emails e-mail postcode
    housemate flatmate housemates flatmates workmate boyfriend girlfriend stepfather stepmother stepdad stepmum stepson
    stepdaughter landlord landlady lettings tenancy hallway upstairs downstairs duvet knickers boxers bra hoodie tracksuit trainers
    forename forenames surname surnames nominal nominals suretor telly vectra picanto caddy yaris kit
    ambulance paramedic paramedics safeguarding chronology likelihood ratio
    """.split()
)
_MORE_PLACES = frozenset(
    """
    britain england scotland wales ireland uk usa europe africa asia america france spain germany italy poland romania ghana nigeria
    somalia kenya zimbabwe pakistan india bangladesh china london glasgow edinburgh cardiff belfast dublin birmingham manchester
    merseyside yorkshire lancashire cheshire kent surrey sussex essex norfolk suffolk devon cornwall dorset somerset wiltshire
    hampshire berkshire oxfordshire buckinghamshire hertfordshire bedfordshire cambridgeshire northamptonshire leicestershire
    nottinghamshire derbyshire staffordshire shropshire worcestershire warwickshire gloucestershire herefordshire lincolnshire
    cumbria northumberland durham gwent dyfed powys gwynedd clwyd fife lothian tayside strathclyde tyneside teesside humberside
    mcdonald mcdonalds herts beds bucks oxon hants wilts staffs derbys notts lincs leics northants cambs lancs yorks glos worcs
    """.split()
)
_WORD_SURNAMES = """
abbot archer ash bacon bailey baker ball banks barber barker barn baron bates bean bell berry best bird bishop black blunt bond booth
bower bowman box bridge bridges bright brook brooks brown buck bull burn burns bush butcher butler cannon carpenter carter case castle
cave chamber chambers chance chapman church clay clerk cliff coal cole coleman cook cooper copper cox crane cross crow crown dale
day deacon dean dear drew driver duke dyer eagle early east england english farmer farrow fawn fern field fielding fields finch fish
fisher fleet flint flowers flynn ford forest forester foreman fowler fox frank freeman french friend frost garland gates gay gentle
gill glass glover gold good goodenough goodman grand grant grave graves gray green grey gunner hale hall hammer hand harding
hardy hare harper hart hawk hay head heart heath herd hill hobbs holder holiday holland hollow hook hope horn house humble hunt hunter hurst ireland ivory
joiner jolly joy judge keen key king kitchen knight lace lake lamb lane last law lemon light little lock long lord love lovely
low mailer major mann march marsh marshall martin mason may meadows mercer merchant miles mill miller mills monk moody moon moor moss
mountain naylor new newman nightingale noble noon north nunn nurse nutter oak oakes odd old orchard page painter palmer parker
parks parrot parson parsons peach peacock pearl penn penny peppers perch pike pitt plant platt plumb pole pond poole pope porter post
potter potts pound power precious price prince prior proud purple quick rain rains raven read reader reed reeves rice rich ridge
rivers roach robin rock rolls root rose rowan rush sage sands sargent savage sawyer scales seal seller sergeant sharp sharpe shepherd
shields shore short silver singer skinner slater sleep small smart smith snow southern sparks sparrow spear speed spencer spring squire stables
stack stamp steel steele steer still stone story strange strong style summer summers swan sweet swift tailor tanner taylor
temple thatcher thorn thorne tiller tiller tong town towers trainer treasure trickett trout turner twin tyler underwood usher vale
vicar vine violet walker wall walls ward warden waters watt weaver webb webster weeks wells west wheeler white whitehead wild wilder wiles wills
winter winters wise wolf wood woodcock woodward woods worth wren wright yard young younger
"""
_NICKNAMES = """
abdirahman abdullahi abdullah abdul: abdi abz ab
abimbola: bim bimbo bola
abigail: abi abbie abby gail
adekunle adewale adebayo adeyemi adeola: ade kunle wale bayo yemi
agnieszka: aga
alasdair alastair alistair alexander alexandra alexandru alejandro: al ali alex alec alexa sandy sasha sandra xander lex lexi
albert: al bert bertie albie
aleksander aleksandra: alek alex ola
alfred: alf alfie fred freddie
alison: ali allie
amanda: mandy
amelia emily: millie milly mel amy em
andrew andrea andrei: andy drew dre andi
anastasia: stacey ana tasia
angela angelina: angie ange
ann anna annabel annabelle anne annette joanna johanna: annie nan nancy ann anna
anthony antony antonia antonio: tony ant tone toni
archibald: archie
arthur: art artie
ayomide ayodele: ayo
babatunde tunde: tunde baba
babajide: jide
barbara: barb babs barbie
barnaby: barney
barry: baz bazza
bartholomew bartosz: bart barty bartek
beatrice beatrix: bea bee trixie
benjamin benedict bennett: ben benny benji
bernadette: bernie detta
bernard: bernie
bradley: brad
bronwen: bron
callum calum: cal
cameron: cam
caroline carolyn carol: caz carrie caro carol lyn
cassandra: cass cassie sandra
catherine katherine katharine kathryn kathleen katarzyna katie: cath cathy kate katie kath kathy kat kit kitty katy kasia kay
chantelle: chan chantz
charles charlotte: charlie chas chaz chuck lottie char charley lotte
cheryl: chez chezza
chiamaka chidinma chidi chinedu chioma chinonso: chi amaka dinma nedu chika
christopher christian: chris kit topher christie
christine christina kristina: chris chrissie tina kris
claire clare clara: clairey
clifford: cliff
colleen: coll
constance: connie
cornelius: neil corny
courtney: court
cynthia: cindy
daniel danielle daniella: dan danny dani ella
danuta: dana danka
darren: daz dazza
david: dave davey davy dai
deborah: deb debs debbie
declan: dec
deirdre: dee didi
delroy: roy del
denise dennis: den dee denny
derek: del
desmond: des dez
devansh: dev
diane diana: di dee
dominic dominika dominique: dom nic nika
donald: don donny
dorothy: dot dottie dolly
douglas: doug dougie
duncan: dunc
edward edwin edmund: ed eddie eddy ted teddy ned
eleanor elena helena: ellie nell nellie nora lena elle
elizabeth elisabeth elspeth: liz lizzie lizzy beth betty betsy eliza liza libby lisa bess elsie
emmanuel emmanuella: manny emma manu
esther: essie
ethelbert ethel: bert
eugene: gene
evelyn: evie eve
felicity: fliss flick
felix: fee
fiona: fi fee
florence: flo flossie florrie
folasade folashade: sade shade fola
frances francesca francis: fran frannie frankie frank cesca
franklin frank: frankie
frederick: fred freddie freddy
gabriel gabriella gabrielle: gabe gabby gabi ella
gareth: gaz gazza
garry gary: gaz gazza
geoffrey jeffrey: geoff jeff
george georgina georgia: georgie gina geordie
gerald geraldine gerard: gerry jerry ged
gillian: gill gilly jill
graham: gray
gregory grzegorz: greg grzes
gurpreet: gurp preet
gwendolyn gwenllian gwyneth: gwen wendy gwennie
hannah: han hannah
harold henry harrison: harry hal hank
harriet henrietta: hattie hetty harry etta
helen: nell nellie
hezekiah: hez
hilary: hils
ifeoma: ify
imogen: immy imo
isabel isabella isabelle isobel: izzy bella issy belle isa
jacqueline: jackie jacqui jac
jacob jakub: jake jay kuba cob
james: jim jimmy jamie jay jem
jane janet janice janine: jan janie
jasmine: jas jaz jazz
jason: jase jay
jeanette: jean jeanie nettie
jennifer: jen jenny jenna jenni
jeremy: jez jem jerry
jermaine: jay
jessica jessamy: jess jessie
joan joanne joanna: jo joey
john jonathan: johnny jon jonny jack jono
jordan: jord jordy jordz
joseph josephine: joe joey jo josie
joshua: josh
joyce: joy
judith: judy jude
julia julie juliet juliette: jules
kaitlin caitlin: cait kait
karen: kaz kazza
kayleigh: kay kayls
keith: keef
kelechi: kele
kenneth: ken kenny
kerry: kez
kevin: kev
kimberley kimberly: kim kimmy
kirsten kirsty: kirst
krzysztof: krzys chris
lakshmi: laksh
laurence lawrence: larry laz loz
lauren laura: loz laurie lau
leanne: lea
leonard leonardo: len lenny leo
leslie lesley: les
leticia: tish letty
lilian lillian lily: lil lilly
linda lynda: lin lyn
lorraine: lori raine loz
louise louis: lou louie lulu
lucinda lucy: lucy luce cindy lu
madeleine madison: maddie maddy
magdalena: magda lena
malcolm: malc mal
malgorzata: gosia
margaret margery: maggie marge margie meg peg peggy greta rita mags daisy
maria marie mary marian marisol: mae molly polly mari mal
mark marcus marc: marky marc
martin martina martyn: marty mart tina
matilda: tilly tilda mattie
matthew matteo mateusz: matt matty mat
maureen: mo
maximilian maxine maxwell: max
megan: meg megs
melanie melissa: mel lissa
mercedes: merc
michael michaela michelle michal: mike mick mickey micky mikey shell chelle mikes
mitchell: mitch
mohammed mohamed muhammad mohammad mohamud: mo moe mohd hammad
monica monika: mon
morenike: renike nike
mustafa: musty
natalia natalie natasha nathalie: nat tasha nattie tash
nathan nathaniel: nate nat nath
nicholas nicola nicole nikolai: nick nicky nic nikki nico niki
nigel: nige
oliver olivia oliwia: ollie olly liv livvy oli
oluwadamilola damilola: dami lola
oluwaseun: seun
oluwatobi: tobi
olufunke: funke
pamela: pam
patricia patrick patrycja: pat patsy paddy trish tricia patty trisha rick pati
pauline paulina: paul polly
penelope: penny pen
peter piotr petros: pete petey
philip phillip philippa: phil pip pippa
phyllida phyllis: phyl philly
prakash: praks
precious: presh
priscilla: cilla prissy
rachel rachael: rach rae
radoslaw: radek
rafael raphael: raf raff rafa
rajesh rajinder: raj
rashid rasheed: rash
raymond: ray
rebecca rebekah: becky becca bex becks beck
reginald: reg reggie
reuben: ben rube
rhiannon: rhi
richard: rick ricky dick rich richie dickie
robert roberta robin: rob robbie bob bobby bert bobbie
roderick rodney: rod roddy
roger: rog
ronald: ron ronnie
rosemary rosalind rosalie rosie: rose rosie ros roz
roxanne rukhsana: roxy rox
samantha samuel samira: sam sammy sami
sandra: sandy
sanjay: sanj
sarah sara: saz sazza sadie sal
scott: scotty
sebastian: seb
shannon: shan
sharon: shaz shazza shaz
shaun: shauny
sheila: shell
simon: si
siobhan: shiv
sophie sophia sofia: soph sophs fi
spencer: spence
stanley stanislaw: stan staszek
stella: stell
stephen steven stephanie: steve stevie steph ste stevo
stuart stewart: stu
sukhdeep sukhdev: sukh
sunita: sunny
susan susanna susannah suzanne: sue susie suzie suzy suz
tabitha: tabby
tamara: tammy tam tamz
tanya tania: tan
taylor tyler: tay ty
temitope: temi tope
terence teresa theresa terrence: terry tel tess tessa tezza
thandiwe: thandi
theodore theodora: theo ted teddy dora
thomas: tom tommy thom
timothy: tim timmy
titilayo: titi
tiwatope: tiwa
tobias: toby
tomasz: tomek tom
trevor: trev
tyrone: ty
ursula: ula
valerie valentina: val
vanessa: nessa ness
verity: vee
veronica: ronnie vera roni
victor victoria vikram: vic vicky vik tori vicki
vincent: vince vinny
vivian vivien vivienne: viv
waldemar: waldek
walter: wal wally walt
warren: waz
wayne: waz wazza
wilfred: wilf fred
william: will bill billy willie liam wills
winifred: win winnie fred
winston: win
yolanda: yoli
yvonne yvette: eve
zachary zakariya zachariah: zac zach zak zaki
zainab: zee zara
zbigniew: zibi zbyszek
zofia: zosia
zoe: zo
"""
