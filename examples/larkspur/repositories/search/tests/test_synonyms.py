from larkspur_search.synonyms import expand


def test_a_synonym_is_added_and_the_word_is_kept():
    assert expand("Rucksack 40l") == "rucksack 40l backpack"


def test_other_words_stay_as_they_are():
    assert expand("tent pegs") == "tent pegs"
