"""Papers: files that others made, turned into pages that everybody sees alike.

How a service uses it:

    paper = await open_paper(content, type)   # once, when somebody brings the file
    picture = await page_picture(paper.pdf or content, number, width)   # when a page is looked at

`open_paper` says how many pages there are, and gives the PDF that was made of Word, Excel and plain
text: keep it sealed beside the original, pages are drawn from it. Of a PDF or a photograph nothing
is made (`pdf` is None): pages are drawn from the original. `page_picture` draws one page and no
other, in some 0.3 s: keep it sealed under (file, number, width), and let those who ask for the same
page in the same moment wait for one drawing. Widths should be few: `WIDTH`, and `WIDEST` for who
zooms in.

Both raise Refused with a code of `CODES`; its sentence is in `server/sentences/papers.py`. A file
that can't be shown may still be kept and downloaded. Nothing of the content is read in this
process: what reads it is a child without network, rights, time and memory to speak of (`limits`).
"""
