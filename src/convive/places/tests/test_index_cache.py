import shapely

from convive.places.index_cache import polygon_index

SQUARES = [shapely.box(0, 0, 1, 1).wkb, shapely.box(1, 0, 2, 1).wkb]
X, Y = [0.5, 1.5, 3.0], [0.5, 0.5, 0.5]


def kept_files(settings):
    return sorted((settings.HOME / "cache").glob("*.npz"))


def test_an_index_read_back_answers_as_the_one_that_was_built(settings, tmp_path):
    settings.HOME = tmp_path
    built = polygon_index(SQUARES)

    read = polygon_index(SQUARES)

    assert len(kept_files(settings)) == 1
    assert built.assign(X, Y).tolist() == read.assign(X, Y).tolist() == [0, 1, -1]


def test_other_boundaries_have_an_index_of_their_own(settings, tmp_path):
    settings.HOME = tmp_path
    polygon_index(SQUARES)

    answer = polygon_index(SQUARES[1:]).assign(X, Y)

    assert answer.tolist() == [-1, 0, -1]


def test_a_damaged_index_is_built_again(settings, tmp_path):
    settings.HOME = tmp_path
    polygon_index(SQUARES)
    (damaged,) = kept_files(settings)
    damaged.write_bytes(damaged.read_bytes()[:100])

    assert polygon_index(SQUARES).assign(X, Y).tolist() == [0, 1, -1]
