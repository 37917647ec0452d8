import { render, type Locale, type Parameters, type Sentence } from './locale.ts';

interface ProblemEntry {
  /** `error`: the file cannot be used. `warning`: it can; `rejects` says whether rows were left out. */
  readonly severity: 'error' | 'warning';
  readonly rejects: boolean;
  readonly message: Sentence;
}

const entry = (severity: 'error' | 'warning', rejects: boolean, en: string, pt: string): ProblemEntry => ({
  severity,
  rejects,
  message: { en, 'pt-BR': pt },
});

/** Everything that the check of a file can find, by its code. `docs/errors.md` lists the same. */
export const uploadProblemCatalogue = {
  empty_file: entry(
    'error',
    false,
    'The file is empty. Export it again and send it.',
    'O arquivo está vazio. Exporte de novo e envie.',
  ),
  unpacked_too_large: entry(
    'error',
    false,
    'The file unpacks to more than {limit} MiB. Send it in parts, or a large workbook as CSV.',
    'O arquivo descompactado passa de {limit} MiB. Envie em partes, ou uma planilha grande como CSV.',
  ),
  archive_not_one_file: entry(
    'error',
    false,
    'The archive must hold one file; it holds {count}: {names}. Send each file on its own.',
    'O arquivo compactado deve conter um só arquivo; contém {count}: {names}. Envie cada arquivo separadamente.',
  ),
  old_workbook: entry(
    'error',
    false,
    'This is an Excel workbook in the old .xls format or with a password. Save it as .xlsx without a password, or as CSV, and send it again.',
    'Esta é uma planilha do Excel no formato antigo .xls ou com senha. Salve como .xlsx sem senha, ou como CSV, e envie de novo.',
  ),
  stray_cell: entry(
    'error',
    false,
    'A sheet of the workbook has the cell {cell}, so far from its table that it cannot be read: it is nearly all empty. Delete the rows or columns around {cell}, save the workbook and send it again.',
    'Uma aba da planilha tem a célula {cell}, tão longe da tabela que não pode ser lida: quase tudo está vazio. Apague as linhas ou colunas ao redor de {cell}, salve a planilha e envie de novo.',
  ),
  formulas_without_results: entry(
    'warning',
    false,
    'The workbook has {cells} cells whose formulas were never calculated: they hold no result and are read as empty. Open the workbook in Excel, save it and send it again.',
    'A planilha tem {cells} células com fórmulas nunca calculadas: elas não guardam resultado e são lidas como vazias. Abra a planilha no Excel, salve e envie de novo.',
  ),
  several_sheets: entry(
    'warning',
    false,
    'The workbook has several sheets: “{sheet}” was read, these were not: {others}. To have another read, choose it under “Correct how the file is read”.',
    'A planilha tem várias abas: “{sheet}” foi lida, estas não: {others}. Para ler outra, escolha-a em “Corrigir como o arquivo é lido”.',
  ),
  not_text: entry(
    'error',
    false,
    'The file is not text (byte {byte} at position {position}). Save it as CSV (UTF-8) or as .xlsx and send it again.',
    'O arquivo não é texto (byte {byte} na posição {position}). Salve como CSV (UTF-8) ou .xlsx e envie de novo.',
  ),
  not_utf8: entry(
    'error',
    false,
    'The text is damaged: it is neither whole UTF-8 (position {position}) nor Windows text. Save it as “CSV UTF-8” and send it again.',
    'O texto está danificado: não é UTF-8 inteiro (posição {position}) nem texto do Windows. Salve como “CSV UTF-8” e envie de novo.',
  ),
  line_too_long: entry(
    'error',
    false,
    'Line {line} is longer than {limit} MiB, which no table needs. Check the line ends and export the file again.',
    'A linha {line} passa de {limit} MiB, mais do que qualquer tabela precisa. Confira as quebras de linha e exporte o arquivo de novo.',
  ),
  no_rows: entry(
    'error',
    false,
    'The file has a header but no rows. Export it with its rows.',
    'O arquivo tem cabeçalho, mas nenhuma linha. Exporte com as linhas.',
  ),
  missing_target: entry(
    'error',
    false,
    'The target column “{column}” is missing. The file has: {columns}. Add it or correct its name.',
    'Falta a coluna-alvo “{column}”. O arquivo tem: {columns}. Acrescente-a ou corrija o nome.',
  ),
  missing_key: entry(
    'error',
    false,
    'The key column “{column}” is missing. The file has: {columns}. Add it or correct its name.',
    'Falta a coluna-chave “{column}”. O arquivo tem: {columns}. Acrescente-a ou corrija o nome.',
  ),
  missing_date: entry(
    'error',
    false,
    'The date column “{column}” is missing. The file has: {columns}. Add it or correct its name.',
    'Falta a coluna de data “{column}”. O arquivo tem: {columns}. Acrescente-a ou corrija o nome.',
  ),
  duplicate_column: entry(
    'error',
    false,
    'The column name “{column}” appears {times} times. Give each column its own name.',
    'O nome de coluna “{column}” aparece {times} vezes. Dê a cada coluna um nome próprio.',
  ),
  unnamed_column: entry(
    'error',
    false,
    'Column {position} has no name in the header. Give it one or remove it.',
    'A coluna {position} está sem nome no cabeçalho. Dê um nome ou remova-a.',
  ),
  reserved_column: entry(
    'error',
    false,
    'The column name “{column}” is reserved for Käfer. Rename it.',
    'O nome de coluna “{column}” é reservado ao Käfer. Mude o nome.',
  ),
  too_many_columns: entry(
    'error',
    false,
    'The file has {columns} columns; at most {limit} are possible. Leave out those that are not needed.',
    'O arquivo tem {columns} colunas; o máximo é {limit}. Tire as que não são necessárias.',
  ),
  unreadable: entry(
    'error',
    false,
    'The file could not be read as a table: {reason}. Save it again as CSV (UTF-8).',
    'O arquivo não pôde ser lido como tabela: {reason}. Salve de novo como CSV (UTF-8).',
  ),
  all_rows_rejected: entry(
    'error',
    false,
    'None of the {rows} rows can be used. See the other problems, correct the file and send it again.',
    'Nenhuma das {rows} linhas pode ser usada. Veja os outros problemas, corrija o arquivo e envie de novo.',
  ),
  target_not_numeric: entry(
    'error',
    false,
    'The target “{column}” must be a number for this project, but holds text such as “{value}”. Correct the column.',
    'O alvo “{column}” precisa ser número neste projeto, mas traz textos como “{value}”. Corrija a coluna.',
  ),
  target_not_binary: entry(
    'error',
    false,
    'The target “{column}” has {classes} different values; this project tells two apart. Correct the column, or create a project with several classes.',
    'O alvo “{column}” tem {classes} valores diferentes; este projeto distingue dois. Corrija a coluna ou crie um projeto com várias classes.',
  ),
  positive_not_found: entry(
    'error',
    false,
    'None of the rows has the outcome “{positive}” in the target “{column}”; it holds {classes}. Correct the column or the project.',
    'Nenhuma linha tem o resultado “{positive}” no alvo “{column}”; ele traz {classes}. Corrija a coluna ou o projeto.',
  ),
  target_constant: entry(
    'warning',
    false,
    'The target “{column}” has the same value, “{value}”, in every row of the file. A model learns from both outcomes.',
    'O alvo “{column}” tem o mesmo valor, “{value}”, em todas as linhas do arquivo. O modelo aprende com os dois resultados.',
  ),
  structure: entry(
    'warning',
    true,
    'The row does not have the form of the others ({reason}). Check delimiters and quotes.',
    'A linha não tem a forma das outras ({reason}). Confira delimitadores e aspas.',
  ),
  not_a_number: entry(
    'warning',
    true,
    '“{value}” is no number. Correct it, or leave the cell empty.',
    '“{value}” não é número. Corrija ou deixe a célula vazia.',
  ),
  too_many_digits: entry(
    'warning',
    true,
    '“{value}” has more digits than a column of numbers keeps exactly, so it would become another number. Correct it; if it is an identifier, put a letter before it in a new column.',
    '“{value}” tem mais dígitos do que uma coluna de números guarda com exatidão, por isso viraria outro número. Corrija; se for um identificador, envie-o em uma coluna nova com uma letra na frente.',
  ),
  not_a_date: entry(
    'warning',
    true,
    '“{value}” is no date that exists, or is not written like the others of its column. Correct it, or leave the cell empty.',
    '“{value}” não é uma data que exista, ou não está escrita como as outras da coluna. Corrija ou deixe a célula vazia.',
  ),
  not_a_boolean: entry(
    'warning',
    true,
    '“{value}” is neither true nor false. Correct it, or leave the cell empty.',
    '“{value}” não é nem true nem false. Corrija ou deixe a célula vazia.',
  ),
  key_missing: entry('warning', true, 'The key is empty. Fill it in.', 'A chave está vazia. Preencha.'),
  target_missing: entry(
    'warning',
    true,
    'The target is empty, so nothing can be learned from the row. Fill it in when the result is known.',
    'O alvo está vazio, por isso não se aprende com a linha. Preencha quando o resultado for conhecido.',
  ),
  target_unknown: entry(
    'warning',
    true,
    '“{value}” is not one of the outcomes of this project ({classes}). Correct it.',
    '“{value}” não é um dos resultados deste projeto ({classes}). Corrija.',
  ),
  duplicate_key: entry(
    'warning',
    true,
    'The key “{value}” appears again further down with the same values; it is taken once.',
    'A chave “{value}” aparece de novo mais abaixo com os mesmos valores; ela entra uma vez.',
  ),
  not_an_integer: entry(
    'warning',
    true,
    '“{value}” is no whole number, and its column holds only those. Correct it, or leave the cell empty.',
    '“{value}” não é número inteiro, e a coluna só tem inteiros. Corrija ou deixe a célula vazia.',
  ),
  has_time: entry(
    'warning',
    true,
    '“{value}” has a time of day; the contract asks for a day alone. Take the time off.',
    '“{value}” tem hora; o contrato pede só o dia. Tire a hora.',
  ),
  value_missing: entry(
    'warning',
    false,
    'The cell is empty, but the contract asks for a value in “{column}” in each row. Fill it in.',
    'A célula está vazia, mas o contrato pede um valor em “{column}” em cada linha. Preencha.',
  ),
  out_of_range: entry(
    'warning',
    false,
    '“{value}” lies outside the range that the contract gives “{column}” ({range}). Check the value and its unit.',
    '“{value}” está fora da faixa que o contrato dá a “{column}” ({range}). Confira o valor e a unidade.',
  ),
  value_not_allowed: entry(
    'warning',
    false,
    '“{value}” is not among the values that the contract allows in “{column}” ({allowed}). Correct it, or have it added to the contract.',
    '“{value}” não está entre os valores que o contrato permite em “{column}” ({allowed}). Corrija ou peça que seja incluído no contrato.',
  ),
  value_repeated: entry(
    'warning',
    false,
    '“{value}” is in more than one row, but the contract lets each value of “{column}” occur once. Correct it.',
    '“{value}” está em mais de uma linha, mas o contrato só permite cada valor de “{column}” uma vez. Corrija.',
  ),
  new_category: entry(
    'warning',
    false,
    'The data has never had “{value}” in “{column}”. If it is a slip, correct it; the model knows nothing of it yet.',
    'Os dados nunca tiveram “{value}” em “{column}”. Se for um engano, corrija; o modelo ainda não o conhece.',
  ),
  contradicting_key: entry(
    'warning',
    true,
    'The key “{value}” appears again further down with other values; its last row is used. Keep the right one.',
    'A chave “{value}” aparece de novo mais abaixo com outros valores; vale a última linha. Deixe a certa.',
  ),
  contradicting_rows: entry(
    'warning',
    true,
    'The key “{value}” appears more than once with different values, so none of its rows is used. Keep the right one.',
    'A chave “{value}” aparece mais de uma vez com valores diferentes, por isso nenhuma das linhas é usada. Deixe a certa.',
  ),
  contradicting_labels: entry(
    'warning',
    false,
    'Rows with the very same values have different outcomes in “{column}”, here “{value}”. Check them; perhaps a column is missing that tells them apart.',
    'Linhas com exatamente os mesmos valores têm resultados diferentes em “{column}”, aqui “{value}”. Confira; talvez falte uma coluna que as distinga.',
  ),
  maybe_renamed: entry(
    'warning',
    false,
    '“{column}” is missing and “{given}” is new. If they are the same column, add “{given}” to the other names of “{column}” in the contract.',
    'Falta “{column}” e “{given}” é nova. Se for a mesma coluna, acrescente “{given}” aos outros nomes de “{column}” no contrato.',
  ),
  column_named_twice: entry(
    'error',
    false,
    '“{first}” and “{second}” are both names of the column “{column}”. Keep one of the two in the file.',
    '“{first}” e “{second}” são nomes da mesma coluna “{column}”. Deixe um dos dois no arquivo.',
  ),
  nulls_rising: entry(
    'warning',
    false,
    '{now} of the rows have no value in “{column}”; in the data it is {before}. Ask where the values have gone.',
    '{now} das linhas não têm valor em “{column}”; nos dados são {before}. Pergunte para onde foram os valores.',
  ),
  drifted: entry(
    'warning',
    false,
    'The values of “{column}” differ from those of the data: population stability index {index}, limit {limit}. Check unit and origin; if the process has changed, a retrain learns it.',
    'Os valores de “{column}” diferem dos que estão nos dados: índice de estabilidade populacional {index}, limite {limit}. Confira unidade e origem; se o processo mudou, um retreino aprende isso.',
  ),
  small_file: entry(
    'warning',
    false,
    'The file has {rows} rows; files of before usually had {usual}. Check that the export is complete.',
    'O arquivo tem {rows} linhas; os anteriores costumavam ter {usual}. Confira se a exportação está completa.',
  ),
  stale_data: entry(
    'warning',
    false,
    'The newest value of “{column}” is {newest}, {days} days before the file arrived; the contract allows {limit}. Export newer rows.',
    'O valor mais novo de “{column}” é {newest}, {days} dias antes da chegada do arquivo; o contrato permite {limit}. Exporte linhas mais novas.',
  ),
  rows_rejected: entry(
    'error',
    false,
    '{rows} rows cannot be used, and by the contract a file goes in whole or not at all. Correct them and send the file again, or have the contract changed.',
    '{rows} linhas não podem ser usadas e, pelo contrato, um arquivo entra inteiro ou não entra. Corrija-as e envie o arquivo de novo, ou peça para mudar o contrato.',
  ),
  new_column: entry(
    'warning',
    false,
    'The column “{column}” is new. Older rows will have no value in it.',
    'A coluna “{column}” é nova. As linhas antigas ficam sem valor nela.',
  ),
  missing_column: entry(
    'warning',
    false,
    'The column “{column}”, which the data has, is missing in the file. Its rows will have no value in it.',
    'Falta no arquivo a coluna “{column}”, que os dados têm. As linhas dele ficam sem valor nela.',
  ),
  type_widened: entry(
    'warning',
    false,
    'The column “{column}” was {before} and becomes {after}, because of values such as “{value}”.',
    'A coluna “{column}” era {before} e passa a {after}, por causa de valores como “{value}”.',
  ),
  unit_in_numbers: entry(
    'warning',
    false,
    'The column “{column}” holds numbers with a unit or a sign of currency, such as “{value}”. They are kept as text, so a model cannot learn from how large they are. Export the numbers alone, and put the unit into the column’s name.',
    'A coluna “{column}” tem números com unidade ou símbolo de moeda, como “{value}”. Eles ficam como texto, e um modelo não pode aprender com a grandeza deles. Exporte só os números e ponha a unidade no nome da coluna.',
  ),
  apostrophes_removed: entry(
    'warning',
    false,
    '{cells} cells of the column “{column}”, such as “{value}”, have the apostrophe that Käfer puts before signs of formulas when it gives out the data. It was taken away, as the data has these texts without it.',
    '{cells} células da coluna “{column}”, como “{value}”, têm o apóstrofo que o Käfer põe antes de sinais de fórmula ao exportar os dados. Ele foi retirado, porque nos dados esses textos não o têm.',
  ),
  never_seen: entry(
    'warning',
    false,
    'The column “{column}” holds texts that the model never saw in training, such as “{value}”. They counted as missing.',
    'A coluna “{column}” traz textos que o modelo nunca viu no treino, como “{value}”. Eles contaram como ausentes.',
  ),
  records_in_cell: entry(
    'warning',
    false,
    'A cell of the column “{column}” holds line breaks and looks like several rows: “{value}”. Most likely a quotation mark in the line is not closed, so that the rows after it were read as text. Correct the quotation marks and send the file again.',
    'Uma célula da coluna “{column}” tem quebras de linha e parece conter várias linhas: “{value}”. Provavelmente uma aspa da linha não foi fechada, e as linhas seguintes foram lidas como texto. Corrija as aspas e envie o arquivo de novo.',
  ),
  odd_cells: entry(
    'warning',
    false,
    'Nearly all cells of the column “{column}” are numbers or dates; {cells} of them are not, such as “{value}”. The column is kept as text, so a model cannot learn from how large they are. Correct these cells, or leave them empty, and send the file again. If the column holds codes, nothing needs doing.',
    'Quase todas as células da coluna “{column}” são números ou datas; {cells} delas não são, como “{value}”. A coluna fica como texto, e um modelo não pode aprender com a grandeza. Corrija essas células, ou deixe-as vazias, e envie o arquivo de novo. Se a coluna tem códigos, não é preciso fazer nada.',
  ),
  mixed_dates: entry(
    'warning',
    false,
    'The dates of the column “{column}” are written in both orders: “{value}” begins with the day, “{other}” with the month. No order can be trusted, so they are not read as dates. Export the column in one order.',
    'As datas da coluna “{column}” estão escritas nas duas ordens: “{value}” começa pelo dia, “{other}” pelo mês. Nenhuma ordem é confiável, por isso não são lidas como datas. Exporte a coluna em uma só ordem.',
  ),
  offsets_gone: entry(
    'warning',
    false,
    'The times of the column “{column}”, such as “{value}”, do not say how far they are from UTC; those of earlier files do. They are read as UTC, which may be wrong by hours. Export the column with the offset, as before.',
    'Os horários da coluna “{column}”, como “{value}”, não dizem a diferença para o UTC; os dos arquivos anteriores dizem. Eles são lidos como UTC, o que pode errar por horas. Exporte a coluna com a diferença, como antes.',
  ),
  offsets_new: entry(
    'warning',
    false,
    'The times of the column “{column}”, such as “{value}”, say how far they are from UTC; those of earlier files do not and were read as UTC, so the two may not fit together. Export the column as before.',
    'Os horários da coluna “{column}”, como “{value}”, dizem a diferença para o UTC; os dos arquivos anteriores não dizem e foram lidos como UTC, por isso podem não combinar. Exporte a coluna como antes.',
  ),
  mixed_offsets: entry(
    'warning',
    false,
    'Some times of the column “{column}” say how far they are from UTC, such as “{value}”, and others do not, such as “{other}”. The others are read as UTC, which may be wrong by hours. Export the column with the offset everywhere, or nowhere.',
    'Alguns horários da coluna “{column}” dizem a diferença para o UTC, como “{value}”, e outros não, como “{other}”. Os outros são lidos como UTC, o que pode errar por horas. Exporte a coluna com a diferença em todos, ou em nenhum.',
  ),
  keys_nearly_known: entry(
    'warning',
    false,
    'Keys that the data does not have differ from ones that it has in nothing but how they are written: “{value}” here is “{known}” there (found of {keys} of the keys that were looked at). Their rows would come in as new ones beside the old. If they are the same, write the keys as in the data and send the file again.',
    'Há chaves que os dados não têm e que diferem de outras só no modo de escrever: “{value}” aqui é “{known}” lá (visto em {keys} das chaves examinadas). As linhas entrariam como novas ao lado das antigas. Se são as mesmas, escreva as chaves como nos dados e envie o arquivo de novo.',
  ),
  leading_zeros: entry(
    'warning',
    false,
    'The numbers of the column “{column}” have leading zeros, such as “{value}”. The column holds numbers, so the zeros are not kept. If they are codes, the column should have been text from the first file on: tell your engineer.',
    'Os números da coluna “{column}” têm zeros à esquerda, como “{value}”. A coluna guarda números, por isso os zeros não ficam. Se são códigos, a coluna devia ser texto desde o primeiro arquivo: fale com seu engenheiro.',
  ),
  ambiguous_point: entry(
    'warning',
    false,
    'The point in the numbers of the column “{column}”, such as “{value}”, may be a decimal point or separate thousands; nothing in the file tells which. It is read as a decimal point. If it separates thousands, say so under “Correct how the file is read”.',
    'O ponto nos números da coluna “{column}”, como “{value}”, pode ser decimal ou separar milhares; nada no arquivo diz qual. Ele é lido como ponto decimal. Se separa milhares, diga isso em “Corrigir como o arquivo é lido”.',
  ),
  ambiguous_comma: entry(
    'warning',
    false,
    'The comma in the numbers of the column “{column}”, such as “{value}”, may be a decimal comma or separate thousands; nothing in the file tells which. The column is kept as text. Say which under “Correct how the file is read”.',
    'A vírgula nos números da coluna “{column}”, como “{value}”, pode ser decimal ou separar milhares; nada no arquivo diz qual. A coluna fica como texto. Diga qual em “Corrigir como o arquivo é lido”.',
  ),
  date_order_assumed: entry(
    'warning',
    false,
    'The dates of the column “{column}”, such as “{value}”, may begin with the day or with the month. They are read with the day first, because the file is written as in countries where that is usual. If that is wrong, say so under “Correct how the file is read”.',
    'As datas da coluna “{column}”, como “{value}”, podem começar pelo dia ou pelo mês. São lidas com o dia primeiro, porque o arquivo está escrito como nos países em que isso é o costume, como o Brasil. Se estiver errado, diga em “Corrigir como o arquivo é lido”.',
  ),
  ambiguous_date: entry(
    'warning',
    false,
    'The dates of the column “{column}”, such as “{value}”, may begin with the day or with the month; nothing in the file tells which. The column is kept as text. Say which under “Correct how the file is read”.',
    'As datas da coluna “{column}”, como “{value}”, podem começar pelo dia ou pelo mês; nada no arquivo diz qual. A coluna fica como texto. Diga qual em “Corrigir como o arquivo é lido”.',
  ),
  short_years: entry(
    'warning',
    false,
    'The dates of the column “{column}”, such as “{value}”, have years of two digits. They are read as years from 1969 to 2068. If that is wrong, write them with four digits, or keep the column as text under “Correct how the file is read”.',
    'As datas da coluna “{column}”, como “{value}”, têm anos de dois dígitos. São lidas como anos de 1969 a 2068. Se estiver errado, escreva-as com quatro dígitos, ou mantenha a coluna como texto em “Corrigir como o arquivo é lido”.',
  ),
  dates_contradicted: entry(
    'warning',
    false,
    'The dates of this file prove another order of day and month than was said for this project. They were read as the file proves. Check where the file comes from.',
    'As datas deste arquivo mostram outra ordem de dia e mês do que foi dito para este projeto. Foram lidas como o arquivo mostra. Confira de onde o arquivo vem.',
  ),
  decimal_contradicted: entry(
    'warning',
    false,
    'The numbers of this file prove another decimal mark than was said for this project. They were read as the file proves. Check where the file comes from.',
    'Os números deste arquivo mostram outro separador decimal do que foi dito para este projeto. Foram lidos como o arquivo mostra. Confira de onde o arquivo vem.',
  ),
  layout_contradicted: entry(
    'warning',
    false,
    'The file has not the delimiter, the header line or the sheet that was said for this project ({remembered}). It was read as it is; check what Käfer understood.',
    'O arquivo não tem o delimitador, a linha de cabeçalho ou a aba que foi dita para este projeto ({remembered}). Foi lido como está; confira o que o Käfer entendeu.',
  ),
  looks_like_identifier: entry(
    'warning',
    false,
    'The column “{column}” has a different text in almost every row, so nothing can be learned from it; it is kept, but not used.',
    'A coluna “{column}” tem um texto diferente em quase toda linha, por isso não ensina nada; ela é guardada, mas não usada.',
  ),
  counts_rows: entry(
    'warning',
    false,
    'The column “{column}” counts the rows: {rows} whole numbers, each once and without a gap. A model that learns from it learns which row it is. Leave it out unless its order means something.',
    'A coluna “{column}” numera as linhas: {rows} números inteiros, cada um uma vez e sem falta. Um modelo que aprende com ela aprende qual linha é. Deixe-a de fora, a não ser que a ordem signifique algo.',
  ),
  repeats_target: entry(
    'warning',
    false,
    'The column “{column}” alone tells the target: in {told} of {rows} rows its value goes with one outcome. If it is known only after the result, exclude it.',
    'A coluna “{column}” sozinha revela o alvo: em {told} de {rows} linhas o valor dela acompanha um só resultado. Se ela só é conhecida depois do resultado, exclua-a.',
  ),
  follows_target: entry(
    'warning',
    false,
    'The column “{column}” follows the target: it explains {agreement} % of its order or of its values. If it is known only after the result, exclude it.',
    'A coluna “{column}” acompanha o alvo: explica {agreement} % da ordem ou dos valores dele. Se ela só é conhecida depois do resultado, exclua-a.',
  ),
  later_than_date: entry(
    'warning',
    false,
    'The column “{column}” is of a later day than “{date}” in {later} of {rows} rows, so it seems to be written down afterwards. If it is known only after the result, exclude it.',
    'A coluna “{column}” é de um dia posterior a “{date}” em {later} de {rows} linhas; parece ser anotada depois. Se ela só é conhecida depois do resultado, exclua-a.',
  ),
  rows_repeated: entry(
    'warning',
    false,
    '{repeated} of {rows} rows are the same as another row but for their key, such as “{value}”. A model may be tested on what it has learned under the other key, and look better than it is. Send the file without them if they are not different things.',
    '{repeated} de {rows} linhas são iguais a outra, menos na chave, como “{value}”. Um modelo pode ser testado com o que aprendeu sob a outra chave e parecer melhor do que é. Envie o arquivo sem elas, se não são coisas diferentes.',
  ),
  rows_known: entry(
    'warning',
    false,
    '{repeated} of {rows} rows that were looked for are in the data already under another key, such as “{value}”. A model may be tested on what it has learned under the other key, and look better than it is. Send the file without them if they are not different things.',
    '{repeated} de {rows} linhas que foram procuradas já estão nos dados sob outra chave, como “{value}”. Um modelo pode ser testado com o que aprendeu sob a outra chave e parecer melhor do que é. Envie o arquivo sem elas, se não são coisas diferentes.',
  ),
  lines_before_header: entry(
    'warning',
    false,
    'What stands above the table was left aside ({lines}): the column names come after it.',
    'O que está acima da tabela ficou de lado ({lines}): os nomes das colunas vêm depois.',
  ),
  header_repeated: entry(
    'warning',
    false,
    'The column names stand in the file again, first in line {line} (in all: {lines}×), as in reports that were put together. These lines are no rows and were left aside.',
    'Os nomes das colunas aparecem de novo no arquivo, a primeira vez na linha {line} (ao todo: {lines}×), como em relatórios juntados. Essas linhas não são registros e ficaram de lado.',
  ),
  unknown_report: entry(
    'error',
    false,
    'Käfer cannot tell which report this is. The file has the columns {columns}; the reports are told by theirs: {reports}. Correct the column names, or say which report it is.',
    'O Käfer não consegue dizer qual relatório é este. O arquivo tem as colunas {columns}; os relatórios são reconhecidos pelas suas: {reports}. Corrija os nomes das colunas ou diga qual é o relatório.',
  ),
  source_without_data: entry(
    'error',
    false,
    'No file of the report “{source}” has arrived yet, and the recipe needs it. Send one.',
    'Ainda não chegou nenhum arquivo do relatório “{source}”, e a receita precisa dele. Envie um.',
  ),
  recipe_missing: entry(
    'error',
    false,
    'The project has no recipe yet, so nothing can be made of its reports. Write one on the recipe screen.',
    'O projeto ainda não tem receita, por isso nada pode ser feito com os relatórios. Escreva uma na tela da receita.',
  ),
  recipe_not_select: entry(
    'error',
    false,
    'The recipe must be one SELECT ({reason}). A PIVOT stands in parentheses after FROM and lists its values: FROM (PIVOT … ON … IN (…)).',
    'A receita precisa ser um único SELECT ({reason}). Um PIVOT vai entre parênteses depois de FROM e lista os valores: FROM (PIVOT … ON … IN (…)).',
  ),
  recipe_unknown_source: entry(
    'error',
    false,
    'The recipe reads “{name}”, which is no report of this project. The reports are: {sources}.',
    'A receita lê “{name}”, que não é relatório deste projeto. Os relatórios são: {sources}.',
  ),
  recipe_function: entry(
    'error',
    false,
    'The recipe uses “{name}”. What it gives does not follow from the reports alone, so the same data would make another table each time. Leave it out.',
    'A receita usa “{name}”. O que isso devolve não depende só dos relatórios, e os mesmos dados dariam outra tabela a cada vez. Tire-o.',
  ),
  recipe_failed: entry(
    'error',
    false,
    'The recipe cannot be carried out: {reason}',
    'A receita não pode ser executada: {reason}',
  ),
  recipe_too_slow: entry(
    'error',
    false,
    'The recipe took longer than {seconds} seconds and was stopped. Look for a join that multiplies rows.',
    'A receita levou mais de {seconds} segundos e foi interrompida. Procure uma junção que multiplique linhas.',
  ),
  recipe_column_missing: entry(
    'error',
    false,
    'The recipe yields no column “{column}”, which this project needs. It yields: {columns}. Name a column so, with AS.',
    'A receita não produz a coluna “{column}”, de que este projeto precisa. Ela produz: {columns}. Dê esse nome a uma coluna, com AS.',
  ),
  recipe_column_type: entry(
    'error',
    false,
    'The column “{column}” of the recipe has the type {type}, which a table cannot hold. Convert it, for example with CAST(… AS VARCHAR) or date_diff.',
    'A coluna “{column}” da receita tem o tipo {type}, que a tabela não comporta. Converta-a, por exemplo com CAST(… AS VARCHAR) ou date_diff.',
  ),
  recipe_column_changed: entry(
    'error',
    false,
    'The column “{column}” was {before} in the training table and would become {after}. Convert it in the recipe, or give it another name.',
    'A coluna “{column}” era {before} na tabela de treino e passaria a {after}. Converta-a na receita ou dê outro nome.',
  ),
  recipe_key_missing: entry(
    'error',
    false,
    '{rows} rows of the recipe have no key in “{column}”. Leave them out with WHERE, or join the other way round.',
    '{rows} linhas da receita não têm chave em “{column}”. Exclua-as com WHERE ou inverta a junção.',
  ),
  recipe_key_repeated: entry(
    'error',
    false,
    'The recipe yields {rows} rows too many for the key “{column}”: “{value}”, for example, appears more than once. Use GROUP BY, so that there is one row a key.',
    'A receita produz {rows} linhas a mais para a chave “{column}”: “{value}”, por exemplo, aparece mais de uma vez. Use GROUP BY para que haja uma linha por chave.',
  ),
  rows_without_target: entry(
    'warning',
    false,
    '{rows} rows have no outcome yet and stay out of the training table until they have one.',
    '{rows} linhas ainda não têm resultado e ficam fora da tabela de treino até que tenham.',
  ),
  sent_before: entry(
    'warning',
    false,
    'The very same file was sent before, on {date}.',
    'Exatamente o mesmo arquivo já foi enviado em {date}.',
  ),
} as const satisfies Record<string, ProblemEntry>;

export type UploadProblemCode = keyof typeof uploadProblemCatalogue;

/** A finding as it is stored, before anyone's language is known. */
export interface StoredProblem {
  readonly code: UploadProblemCode;
  readonly parameters: Parameters;
  readonly column?: string | undefined;
  /** Line in the file, the header being line 1. */
  readonly line?: number | undefined;
  readonly value?: string | undefined;
  /** How many rows, or cells, it concerns. */
  readonly count: number;
  /** As the contract judges it; absent: as the catalogue says. */
  readonly severity?: 'error' | 'warning' | undefined;
  /** Whether its rows are left out, where that is the contract's choice; absent: as the catalogue says. */
  readonly rejects?: boolean | undefined;
  /** Some of its places, the first among them, each with another value. */
  readonly examples?: readonly ProblemExample[] | undefined;
}

export interface ProblemExample {
  readonly line?: number | undefined;
  readonly value: string;
}

/** `error`: the file cannot be used. */
export const severityOf = ({ code, severity }: StoredProblem): 'error' | 'warning' =>
  severity ?? uploadProblemCatalogue[code].severity;

/** Whether the rows that it concerns are left out. */
export const rejectsRows = ({ code, rejects }: StoredProblem): boolean =>
  rejects ?? uploadProblemCatalogue[code].rejects;

export function describeProblem(problem: StoredProblem, locale: Locale): string {
  return render(uploadProblemCatalogue[problem.code].message, problem.parameters, locale);
}
