import numpy as np

from convive.stats.margins import margins_of


def test_totals_stand_after_categories_and_groups():
    counts = np.array([[1.0, 2], [3, 4], [5, 6]])

    margins = margins_of((3, 2), [["b", "a", "a"], None])

    assert margins.shape == (6, 3)
    assert margins.summed(counts).tolist() == [
        *([1, 2, 3], [3, 4, 7], [5, 6, 11]),
        *([8, 10, 18], [1, 2, 3], [9, 12, 21]),
    ]


def test_every_equation_holds_for_the_true_counts():
    counts = np.random.default_rng(1).poisson(5, (6, 3, 2)).astype(float)
    margins = margins_of(
        (6, 3, 2), [[[1, 1, 2, 2, 3, 3], [1, 1, 1, 1, 2, 2]], None, None]
    )

    equations = margins.equations()

    # Along the first axis 3 + 2 + 1 sums in 4 x 3 lines, then 12 x 3 and 12 x 4.
    assert equations.shape == (6 * 12 + 12 * 3 + 12 * 4, 12 * 4 * 3)
    assert not (equations @ margins.summed(counts).ravel()).any()


def test_an_axis_of_one_category_has_no_total():
    margins = margins_of((1, 3), None)

    assert margins.shape == (1, 4)
    assert margins.equations().shape == (1, 4)
