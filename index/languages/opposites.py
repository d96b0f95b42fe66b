"""
English words that exclude each other: what happened to the one was not said of the other.

Each line is a group, its members parted by "|", the synonyms of a member by spaces.
"""

from __future__ import annotations

# A sentence that has the one does not answer a question that has the other, whatever else the
# article says.
OPPOSITES = """
start starts started starting begin begins began begun beginning commence commences resume resumes
  resumed | stop stops stopped stopping end ends ended ending cease ceases ceased finish finishes
  finished complete completed halt halted
open opens opened opening reopen reopened | close closes closed closing shut shuts
praise praises praised praising applaud applauded welcome welcomed commend commended celebrate
  celebrated | criticise criticises criticised criticising criticize criticizes criticized condemn
  condemned condemns attack attacked denounce denounced blame blamed
rise rises rose risen rising increase increases increased grow grows grew grown climb climbed gain
  gained jump jumped soar soared higher raise raised | fall falls fell fallen falling
  decrease decreases decreased decline declines declined drop drops dropped shrink shrank sink sank
  lower cut reduce reduced
win wins won winning | lose loses lost losing
buy buys bought buying purchase purchased acquire acquired | sell sells sold selling
accept accepts accepted accepting approve approves approved agree agreed | reject rejects rejected
  refuse refuses refused decline declined deny denied dismiss dismissed
allow allows allowed permit permits permitted | forbid forbids forbidden ban bans banned
  prohibit prohibits prohibited
support supports supported supporting backed favour favoured favor favored | oppose
  opposes opposed opposing object objected resist resisted
arrive arrives arrived arriving enter entered | leave leaves left leaving depart departs departed
  exit
join joins joined | leave leaves left quit quits resign resigned
hire hires hired appoint appointed employ employed recruit recruited | fire fired dismiss dismissed
  sack sacked
build builds built construct constructed erect erected | demolish demolished destroy destroyed
  dismantle dismantled
succeed succeeds succeeded | fail fails failed
remember remembers remembered | forget forgets forgot forgotten
lend lends lent | borrow borrows borrowed
teach teaches taught | learn learns learned learnt
attack attacks attacked | defend defends defended
add adds added | remove removes removed delete deletes deleted
born birth | died death dead die dies
first earliest oldest | latest newest
best | worst
largest biggest most highest longest tallest maximum | smallest least fewest lowest shortest minimum
cheap cheapest cheaper | expensive dear dearest
hot hottest warm warmest | cold coldest
advantage advantages benefit benefits | disadvantage disadvantages drawback drawbacks
import imports imported | export exports exported
victory | defeat
"""

# A sentence about the one does not answer a question about the other, unless the article speaks of
# that too.
KINDS = """
bridge viaduct | tunnel | ferry | railway railroad | airport | harbour harbor port | canal | dam
mayor | governor | president | king | queen | prince | princess | bishop | pope | emperor
mother mum mom | father dad | brother | sister | son | daughter | uncle | aunt | grandfather |
  grandmother | nephew | niece
husband | wife widow
hospital | school | university college | church cathedral | museum | library | prison jail |
  theatre theater | hotel | stadium
gold | silver | bronze
car | bus | train | tram | plane aircraft aeroplane airplane | ship | bicycle bike | helicopter
january | february | march | april | may | june | july | august | september | october | november |
  december
monday | tuesday | wednesday | thursday | friday | saturday | sunday
north northern | south southern | east eastern | west western
red | green | blue | yellow | black | white | brown | purple | orange
spring | summer | autumn | winter
breakfast | lunch | dinner supper
cat cats | dog dogs | horse horses | cow cows | sheep | pig pigs
football soccer | cricket | rugby | tennis | basketball | baseball | hockey
novel | poem | song | film movie | opera | play | symphony
earthquake | flood | hurricane | tornado | drought | volcano | tsunami
"""
