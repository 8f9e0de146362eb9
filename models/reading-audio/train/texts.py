"""What the synthetic readers read: simple stories, words and letters, written for this project.

The four sets share no sentence and no word list, so that nothing learned about a text can help elsewhere.
"""

STORIES = {
    "train": {
        "mr": [
            "राधा सकाळी लवकर उठते.", "ती आईला पाणी भरायला मदत करते.", "मग ती आपल्या मैत्रिणींसोबत शाळेत जाते.",
            "शाळेच्या अंगणात एक मोठे आंब्याचे झाड आहे.", "झाडावर एक लाल चोचीचा पोपट बसतो.",
            "दुपारी सगळी मुले सावलीत बसून डबा खातात.", "आमच्या गावात एक लहान नदी आहे.",
            "पावसाळ्यात नदीला खूप पाणी येते.", "बाबा शेतात ज्वारी आणि कापूस पेरतात.",
            "आजी रात्री आम्हाला चांदोबाची गोष्ट सांगते.", "रविवारी आम्ही बाजारात भाजी आणायला गेलो.",
            "दुकानात रंगीत फुगे पाहून लहान भाऊ हसला.", "मांजर हळूच दूध पिऊन पळून गेले.",
            "गुरुजींनी फळ्यावर एक नवीन कविता लिहिली.", "सर्वांनी मिळून ती मोठ्या आवाजात म्हटली.",
        ],
        "hi": [
            "मोहन के पास एक छोटी साइकिल है.", "वह रोज़ उससे स्कूल जाता है.", "रास्ते में एक पुराना कुआँ पड़ता है.",
            "कुएँ के पास नीम का पेड़ है.", "पेड़ पर चिड़िया ने घोंसला बनाया है.",
            "शाम को बच्चे मैदान में खेलते हैं.", "दादी हमें मीठे लड्डू देती हैं.",
            "बारिश में मेंढक ज़ोर से बोलते हैं.", "किसान सुबह अपने खेत में काम करता है.",
            "मेरी बहन को किताब पढ़ना अच्छा लगता है.", "कल हमारे गाँव में मेला लगा था.",
            "वहाँ हमने झूले पर बैठकर बहुत मज़ा किया.", "पिताजी ने मुझे एक लाल पतंग दिलाई.",
            "रात को आसमान में तारे चमक रहे थे.", "गाय ने बछड़े को प्यार से चाटा.",
        ],
        "en": [
            "The farmer has two white cows.", "Every morning he takes them to the river.",
            "His daughter carries a small basket of bread.", "The wind was cold but the sun was bright.",
            "A little bird sat on the old gate and sang.", "She read the first page of the book slowly.",
            "We planted beans behind the house in June.", "The bus stopped near the big bridge.",
            "My brother can run faster than the dog.", "There were seven eggs in the nest.",
            "Grandmother told us a story about a clever fox.", "The children washed their hands and ate lunch.",
            "It rained all night and the road was full of mud.", "He found a blue kite in the tree.",
            "They laughed and walked home together.",
        ],
    },
    "choose": {
        "mr": [
            "समीरला चित्रे काढायला आवडते.", "त्याने भिंतीवर एक मोठा हत्ती काढला.", "ताई विहिरीवरून घागर घेऊन आली.",
            "बैलगाडीतून आम्ही मामाच्या गावाला गेलो.", "तिथे उसाचा ताजा रस मिळाला.",
            "मोर पिसारा फुलवून नाचत होता.", "डोंगरावर ढग जमा झाले होते.",
        ],
        "hi": [
            "सीता बाज़ार से ताज़े आम लाई.", "हाथी नदी में नहा रहा था.", "बंदर ने टोपी छीन ली और पेड़ पर चढ़ गया.",
            "मास्टर जी ने सबको नई कहानी सुनाई.", "हमारी छत पर कबूतर आते हैं.",
            "ठंड में लोग आग तापते हैं.", "रेलगाड़ी सीटी बजाकर चल पड़ी.",
        ],
        "en": [
            "A goat ate the green leaves near our fence.", "Father repaired the broken wheel of the cart.",
            "The moon was round and yellow above the hill.", "Please bring me a glass of water.",
            "Nobody could open the heavy wooden box.", "The teacher drew a map on the wall.",
            "Two boats crossed the lake at noon.",
        ],
    },
    "report": {
        "mr": [
            "सोनूने अंगणात तुळशीचे रोप लावले.", "कावळ्याने माठात खडे टाकून पाणी वर आणले.",
            "गणपतीच्या सणाला घर दिव्यांनी उजळले.", "काकांनी आम्हाला जहाजाची छायाचित्रे दाखवली.",
            "खारूताई शेंगदाणे तोंडात भरून झाडावर चढली.", "उद्या आमच्या वर्गाची सहल आहे.",
            "समुद्राच्या लाटा किनाऱ्यावर आदळत होत्या.",
        ],
        "hi": [
            "राजू ने मिट्टी का एक घर बनाया.", "शेर गुफा के बाहर धूप सेंक रहा था.", "माँ ने चूल्हे पर गरम रोटी सेंकी.",
            "तितली फूल पर बैठकर रस पीती है.", "डाकिया आज मेरी चिट्ठी लाया.",
            "पहाड़ की चोटी पर बर्फ़ जमी थी.", "बच्चों ने मिलकर आँगन साफ़ किया.",
        ],
        "en": [
            "An old sailor lived beside the quiet harbour.", "He kept a parrot that could count to ten.",
            "One evening a storm broke the lamp on the pier.", "The girl lit a candle and waited.",
            "Soon everyone in the village came to help.", "They tied the ropes and pulled until dawn.",
            "After that the sea was calm again.",
        ],
    },
    "sample": {
        "mr": [
            "मीना रोज बागेत जाते. बागेत लाल आणि पिवळी फुले आहेत. फुलांवर फुलपाखरे उडतात.",
            "एका जंगलात एक ससा राहत होता. तो खूप चपळ होता. एकदा त्याने कासवाशी शर्यत लावली.",
            "आज शाळेला सुट्टी आहे. आम्ही नदीकाठी खेळायला गेलो. वाळूत आम्ही किल्ला बांधला.",
        ],
        "hi": [
            "गीता के घर में एक सफ़ेद बिल्ली है. बिल्ली को दूध पसंद है. वह खिड़की पर सोती है.",
            "एक दिन तेज़ हवा चली. पेड़ से बहुत सारे जामुन गिरे. बच्चों ने उन्हें टोकरी में भरा.",
            "सूरज निकल आया है. मुर्गे ने बाँग दी. सब लोग अपने काम पर चल दिए.",
        ],
        "en": [
            "Asha has a green umbrella. She takes it to school when it rains. Today the sky is clear.",
            "The ant worked all summer. The grasshopper only played. Then winter came to the field.",
            "My uncle drives a red tractor. On Sunday he let me sit beside him. It was very loud.",
        ],
    },
}

WORDS = {
    "train": {
        "mr": "घर पाणी झाड मासा फूल वही दगड आकाश रस्ता साखर".split(),
        "hi": "घर पानी पेड़ मछली फूल किताब पत्थर आसमान सड़क चीनी".split(),
        "en": "house water tree fish flower book stone cloud road sugar".split(),
    },
    "choose": {
        "mr": "चूल पंखा गाडी लोणी बोट".split(),
        "hi": "चूल्हा पंखा गाड़ी मक्खन नाव".split(),
        "en": "stove window wagon butter finger".split(),
    },
    "report": {
        "mr": "दिवा घोडा कपाट चटणी मुंगी".split(),
        "hi": "दीया घोड़ा अलमारी चटनी चींटी".split(),
        "en": "candle horse cupboard pickle spider".split(),
    },
    "sample": {
        "mr": "आई बाळ छत्री केळी".split(),
        "hi": "माँ बाल छाता केला".split(),
        "en": "mother puppy banana river".split(),
    },
}


def passage(rng, split, language, kind):
    """A text to read: `story` is some sentences in order, `words` a slow list with pauses."""
    if kind == "words":
        words = WORDS[split][language]
        count = int(rng.integers(4, 9))
        return " . ".join(words[i % len(words)] for i in rng.permutation(max(count, len(words)))[:count]) + " ."
    sentences = STORIES[split][language]
    count = int(rng.integers(1, 7))
    start = int(rng.integers(len(sentences)))
    return " ".join(sentences[(start + i) % len(sentences)] for i in range(count))
