"""The way in for photographs, under the name that the pages know it by."""

from previs.generation.intake import take_in as take_in
