"""
Words that carry no topic, by the ISO 639-1 code of their language, in lower case.

Written by hand and short: a word that is missing counts as a rare or a frequent one, no worse.
"""

from __future__ import annotations

# Words that carry no topic: articles, pronouns, prepositions, auxiliaries, question words.
FUNCTION_WORDS = {
    "en": """
        a about after all also am an and any are as at be because been before being between both
        but by can could d did do does doing done during each else etc for from had has have
        having he her here hers him his how i if in into is it its just ll m may me might mine
        more most much must my no nor not of on once only or other our ours out over own per
        please re s same shall she should so some such t tell than that the their theirs them then
        there these they this those through to too under until up upon us ve very was we were what
        whatever when where whether which while who whoever whom whose why will with within
        without would yes you your yours
    """,
    "de": """
        ab aber alle allem allen aller alles als also am an auch auf aus bei beim bin bis bist
        bitte da dabei dadurch dafür daher damals damit danach dann daran darauf darin darum das
        dass davon dazu dein deine dem den denn der deren des dessen dich die dies diese diesem
        diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines er es etwa
        etwas euch euer eure für gab gegen gewesen gibt hab habe haben hat hatte hatten hier
        hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres im in ins ist ja jede jedem
        jeden jeder jedes jene jener jetzt kann kein keine keinem keinen keiner können konnte
        konnten man mein meine mich mir mit mehr möchte muss müssen nach nein nicht nichts noch
        nun nur ob obwohl oder ohne schon sehr sei sein seine seinem seinen seiner seines seit
        selbst sich sie sind so sogar solche soll sollen sollte sondern sonst trotz trotzdem über
        um und uns unser unsere unter usw vom von vor während war waren warum was weil welche
        welchem welchen welcher welches wem wen wenn wer werde werden wessen weshalb wie wieder
        will wir wird wo wobei wodurch wofür woher wohin wollen wollte womit woran worauf woraus
        worin worüber wovon wovor wozu wurde wurden würde zu zum zur zwar zwischen
    """,
    "es": """
        a al algo alguien algún alguna algunas alguno algunos allí ante antes aquel aquella aquí
        así aun aún aunque bajo cada casi como cómo con contra cual cuál cuales cuáles cualquier
        cuando cuándo cuanta cuánta cuantas cuántas cuanto cuánto cuantos cuántos cuya cuyo de del
        desde después donde dónde dos durante e el él ella ellas ello ellos en entonces entre era
        eran es esa esas ese eso esos está están esta estaba estaban estar estas este esto estos
        fue fueron ha había habían haber han has hasta hay he hubo incluso la las le les lo los
        luego más me mediante mi mí mientras mis misma mismo mucha muchas mucho muchos muy nada
        nadie ni ningún ninguna ninguno no nos nosotros nuestra nuestro o os otra otras otro otros
        para pero poco por porque porqué pues que qué quien quién quienes quiénes se sea según ser
        si sí sido sin sino sobre solo sólo son su sus tal también tampoco tan tanto te tenía ti
        tiene tienen toda todas todo todos tras tu tú tus u un una unas uno unos usted ustedes y
        ya yo
    """,
    "fr": """
        a à afin ai ainsi alors après au aucun aucune aussi autre autres aux avait avaient avant
        avec avez avoir avons c ça car ce ceci cela celle celles celui cependant ces cet cette
        ceux chaque chez ci combien comme comment contre d dans de depuis derrière des donc dont
        du elle elles en encore ensuite entre es est et étaient était étant été être eu eux fut il
        ils j je jusqu la laquelle le lequel les lesquelles lesquels leur leurs lors lorsque lui m
        ma mais me même mes moi moins mon n ne ni non nos notre nous on ont ou où par parce pas
        pendant peu peut plus pour pourquoi puis puisque qu quand que quel quelle quelles quelqu
        quels qui quoi s sa sans se selon sera ses seulement si sien son sont sous sur t ta tandis
        te tes toi ton tous tout toute toutes très tu un une vers votre vos vous y
    """,
    "it": """
        a abbiamo ad ai agli al alla alle allo allora altra altre altri altro anche ancora avere
        aveva avevano c che chi ci ciò cioè coi col come con contro cosa così cui da dagli dai dal
        dalla dalle dallo degli dei del dell della delle dello dentro di dopo dove dov due dunque
        durante e è ed egli era erano essere essa esse essi esso fa fino fra fu furono già gli ha
        hanno ho i il in infatti insieme invece io l la le lei li lo loro ma me mentre mi mia mie
        miei mio molto ne né negli nei nel nell nella nelle nello nessun nessuna nessuno noi non
        nostra nostro o ogni oltre oppure per perché perciò però più poco poi presso prima proprio
        pure qual quale quali qualche quando quanta quante quanti quanto quel quella quelle quelli
        quello questa queste questi questo qui quindi s sarà se sei senza si sia sino solo sono
        sopra sotto sta stata state stati stato su sua sue sugli sui sul sulla sulle sullo suo
        suoi tale tra tu tua tuo tutta tutte tutti tutto un una uno vi voi
    """,
    "pt": """
        a à ainda algo alguém algum alguma alguns ali antes ao aos apenas após aquela aquele
        aquilo aqui as às assim até cada com como contra cuja cujo da das de dela delas dele deles
        depois desde dessa desse desta deste disso do dos durante e é ela elas ele eles em embora
        entre então era eram essa essas esse esses esta está estão estas estava estavam este estes
        eu foi foram há havia isso isto já lá lhe lhes mais mas me mediante mesma mesmo meu minha
        muita muito muitos na nada não nas nem nenhum nenhuma ninguém no nos nós nossa nosso num
        numa o onde os ou outra outras outro outros para pela pelas pelo pelos perante pois por
        porém porque porquê portanto pouco qual quais qualquer quando quanta quantas quanto
        quantos que quê quem se seja sem sempre ser seu seus sido sob sobre só sua suas são também
        tão te tem têm ter tinha tinham toda todas todo todos tu tudo um uma umas uns você vocês
    """,
    "nl": """
        aan achter al alle alleen als andere anders ben beide bij binnen bent bijna daar daarna
        daarom dan dat de deze die dit doch doen door dus een en er ervan geen had hadden heb
        hebben heeft hem hen het hier hierna hij hoe hoeveel hoewel hun iemand iets ik in is ja je
        jij jouw jullie kan kon konden kunnen maar me meer men met mij mijn moet moeten na naar
        niemand niet niets nog nu of om omdat onder ons onze ook op over per reeds sinds te tegen
        tijdens toch toen tot tussen u uit uw van vanaf veel voor waar waarbij waardoor waarin
        waarmee waarom waarop waarvan wanneer want waren was wat we weer welk welke werd werden
        wie wiens wij wil worden wordt zal ze zelf zich zij zijn zo zoals zonder zou zouden
    """,
    "pl": """
        a aby albo ale ani aż bardzo bez bo był była było były być będzie by chyba ci co czego
        czemu czy czyj czyja czyje czym dla dlaczego dlatego do dokąd gdy gdyż gdzie go i ich ile
        ilu im iż ja jak jaka jaki jakie jakiego jakiej jako je jednak jego jej jemu jest jestem
        jeszcze jeśli jeżeli już każdy kiedy kim kogo komu kto która które którego której który
        których lecz lub ma mają mi miał mną mnie mu my na nad nam nami nas nasz natomiast nią
        nich nie nim niż o od on ona one oni ono oraz po pod ponieważ potem poza przed przez przy
        również się są skąd swoje ta tak taka taki takie także tam te tego tej ten też to toteż tu
        tym tych ty tylko u w was wasz we wiele więc wszystkie wszystko wtedy wy z za zawsze ze że
        żeby
    """,
    "ru": """
        а без более больше будет будто бы был была были было быть в вам вами вас ваш ваша ваше
        вдруг весь во вот все всё всего всей всем всех всю вся вы где да даже для до его ее её ей
        ему если есть еще ещё же за затем здесь зачем и из или им ими иногда их к каждый как какая
        какие каким каких какого какое какой каком какую когда кого кем ко ком кому которая
        которого которое которой котором которую которые который которых которым кто куда ли либо
        лишь между меня мне много могла могли может можно мой моя мы на над надо нам нами нас наш
        наша не него нее неё ней нельзя нем нём нет ни никогда никто ним ними них ничего но ну о
        об однако он она они оно от откуда отчего очень перед по под после потом потому почему
        почти при про с сам сама сами само свое своего своей своём свои своим своих свой свою своя
        себе себя сейчас сколько скольких со собой так такая также такие такое такой там твой те
        тебе тебя тем теми теперь тех то тобой тогда того тоже той только том тому тот ту тут ты у
        уже хотя чего чей чем чём чему через что чтобы чтоб чья чьё чьи эта эти этим этих это
        этого этой этом этому этот эту я
    """,
    "uk": """
        а або але б без би більш був була були було бути в вам вами вас ваш ваша ви від він вона
        вони воно все всі вже де для до дуже з за зі звідки і із її їй їм їх його йому й ж же
        завжди коли кого ким кому котра котрий куди лише між мене мені ми мій може можна моя на
        над нам нами нас наш наша не нема немає нею ним них ні ніхто нічого о ось перед під після
        по потім при про проти саме свого своє своєї свої своїй своїх свою своя себе скільки
        скількох собі та так така також таке таки такі такий там твій те тебе ти тим тих то тобі
        тоді того тож той тому тут у усе хоча хто це цей ця цього цьому ці цих чи чий чия чиє чиї
        чим чого чому через що щоб щодо я яка яке який якими яким яких якого якої якій які якщо як
    """,
    "zh": """
        我们 你们 您们 他们 她们 它们 我們 你們 他們 她們 這個 那個 這些 那些 这个 那个 这些 这是
        那是 因为 因為 所以 但是 而且 以及 或者 如果 可以 已经 已經 没有 沒有 不是 就是 还是 還是
        一个 一個 这样 這樣 那么 那麼 什么 什麼 为什么 為什麼 怎么 怎麼 怎样 怎樣 怎么样 如何 多少
        几个 幾個 哪里 哪裡 哪儿 哪个 哪個 哪些 哪位 谁的 誰的 是谁 是誰 什么时候 何时 何時 何地
        是否 请问 請問
    """,
}

# Of these, and beside them, the words that only say what is asked for ("many" in "how many").
QUESTION_WORDS = {
    "en": """
        what whatever when where which who whoever whom whose why how many much long often old far
    """,
    "de": """
        was wann warum wem wen wer wessen weshalb wie wieso wieviel wieviele viel viele lange oft
        alt weit hoch groß welche welchem welchen welcher welches wo wobei wodurch wofür woher
        wohin womit woran worauf woraus worin worüber wovon wovor wozu
    """,
    "es": """
        como cómo cual cuál cuales cuáles cuando cuándo cuanta cuánta cuantas cuántas cuanto
        cuánto cuantos cuántos donde dónde adónde porqué que qué quien quién quienes quiénes
    """,
    "fr": """
        combien comment laquelle lequel lesquelles lesquels où pourquoi quand que quel quelle
        quelles quels qui quoi qu
    """,
    "it": """
        che chi come cosa cui dove dov perché qual quale quali quando quanta quante quanti quanto
    """,
    "pt": """
        como onde aonde porque porquê qual quais quando quanta quantas quanto quantos que quê quem
    """,
    "nl": """
        hoe hoeveel veel lang vaak oud ver waar waarbij waardoor waarheen waarin waarmee waarom
        waarop waarvan wanneer wat welk welke wie wiens
    """,
    "pl": """
        co czego czemu czy czyj czyja czyje czym dlaczego dokąd gdzie ile ilu jak jaka jaki jakie
        jakiego jakiej kiedy kim kogo komu kto która które którego której który skąd
    """,
    "ru": """
        где зачем как какая какие каким каких какого какое какой каком какую когда кого кем ком
        кому кто куда откуда отчего почему сколько скольких чего чей чем чём чему что чья чьё чьи
    """,
    "uk": """
        де звідки коли кого ким кому куди навіщо скільки скількох хто чи чий чия чиє чиї чим чого
        чому що яка яке який яким яких якого якої якій які як
    """,
    "zh": """
        什么 什麼 为什么 為什麼 怎么 怎麼 怎样 怎樣 怎么样 如何 多少 几个 幾個 哪里 哪裡 哪儿 哪个
        哪個 哪些 哪位 谁的 誰的 是谁 是誰 什么时候 何时 何時 何地 是否 请问 請問
    """,
}
